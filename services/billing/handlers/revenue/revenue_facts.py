"""What billing tells of a revenue posting. The hot path: its JSON is written here directly."""

from __future__ import annotations

from datetime import date

from services.billing.domain.revenue.revenue import Decided
from shared.contracts.billing import Restatement, RevenuePosted
from shared.messaging.encoding import Written


def revenue_posted(
    decided: Decided,
    version: int,
    currency: str,
    open_from: date,
    restates: Restatement | None = None,
) -> Written:
    """The posting as it stands at `version`, with every unit's share.

    `open_from` is the first day that was open when its shares were posted.
    """
    posting, terms = decided.posting, decided.terms
    posting_id = str(posting.posting_id)
    data: dict[str, object] = {
        "entity": {"type": "posting", "id": posting_id, "version": version},
        "customer_key": posting.customer_key,
        "posting_id": posting_id,
        "source": {"system": posting.system, "ref": posting.ref},
        "occurred_on": posting.occurred_on,
        "booked_on": open_from if open_from > posting.occurred_on else None,
        "business_line": posting.business_line,
        "signed_at_unit": posting.signed_at_unit,
        "occurred_at_unit": posting.occurred_at_unit,
        "amount": {"amount": str(posting.amount), "currency": currency},
        "shares": [
            {
                "unit": part.unit,
                "amount": {"amount": str(part.amount), "currency": currency},
                "kind": "increment" if part.is_increment else "base",
            }
            for part in decided.shares
        ],
        "rule": terms.rule,
        "split": terms.split_id and {"split_id": terms.split_id, "version": terms.version},
        "reverses": posting.reverses,
        "restates": restates and restates.model_dump(mode="json", exclude_none=True),
    }
    told = {name: value for name, value in data.items() if value is not None}
    return Written(RevenuePosted, posting_id, posting.customer_key, told)
