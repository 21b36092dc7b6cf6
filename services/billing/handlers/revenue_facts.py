"""What billing tells of a revenue posting."""

from __future__ import annotations

from services.billing.domain.revenue import Decided
from shared.contracts.billing import (
    Restatement,
    RevenuePosted,
    RevenueShare,
    ShareKind,
    SplitRef,
)
from shared.contracts.envelope import Entity, MoneyAmount, SourceRef


def revenue_posted(
    decided: Decided, version: int, currency: str, restates: Restatement | None = None
) -> RevenuePosted:
    """The posting as it stands at `version`, with every unit's share."""
    posting, terms = decided.posting, decided.terms
    amount = MoneyAmount(amount=posting.amount, currency=currency)
    return RevenuePosted(
        entity=Entity(type="posting", id=str(posting.posting_id), version=version),
        customer_key=posting.customer_key,
        posting_id=posting.posting_id,
        source=SourceRef(system=posting.system, ref=posting.ref),
        occurred_on=posting.occurred_on,
        business_line=posting.business_line,
        signed_at_unit=posting.signed_at_unit,
        occurred_at_unit=posting.occurred_at_unit,
        amount=amount,
        shares=tuple(
            RevenueShare(
                unit=part.unit,
                amount=(
                    amount
                    if part.amount == posting.amount
                    else MoneyAmount(amount=part.amount, currency=currency)
                ),
                kind=ShareKind.INCREMENT if part.is_increment else ShareKind.BASE,
            )
            for part in decided.shares
        ),
        rule=terms.rule,
        split=(
            None
            if terms.split_id is None
            else SplitRef(split_id=terms.split_id, version=terms.version)
        ),
        reverses=posting.reverses,
        restates=restates,
    )
