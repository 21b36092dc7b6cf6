"""What every late fee was decided on: only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import orjson

from services.billing.domain.arrears.late_fees import FeePart, PlanVersion
from services.billing.domain.arrears.late_fees import LateFeePlan as Plan
from services.billing.domain.receivables.customer_books import FeeDecision
from services.billing.domain.receivables.receivables import fee_id_of
from shared import policy
from shared.work import Work

_KEEP = """
INSERT INTO late_fee_decisions (item_id, version, customer_key, as_of, amount, waived, is_minimum,
    plan_version, because, parts, recorded_at)
SELECT item_id, version, customer_key, as_of, amount, waived, is_minimum, plan_version, because,
    parts::jsonb, %s::timestamptz
FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::date[], %s::numeric[], %s::numeric[],
    %s::bool[], %s::int4[], %s::text[], %s::text[])
    AS fee (item_id, version, customer_key, as_of, amount, waived, is_minimum, plan_version,
        because, parts)
"""


async def plans(work: Work) -> tuple[PlanVersion, ...]:
    """Every version of the late-fee plan; none where the site charges no late fee."""
    timeline = await policy.timeline(work, Plan)
    return tuple(
        PlanVersion(each.version, each.effective_on, each.body) for each in timeline.versions
    )


async def keep(work: Work, decisions: Sequence[tuple[UUID, FeeDecision]]) -> None:
    """Add decisions as (customer, decision)."""
    if decisions:
        fees = [each.fee for _, each in decisions]
        await work.bulk(
            _KEEP,
            work.now,
            [fee_id_of(each.instalment.item_id) for _, each in decisions],
            [each.version for _, each in decisions],
            [customer_key for customer_key, _ in decisions],
            [fee.as_of for fee in fees],
            [fee.amount for fee in fees],
            [each.waived for _, each in decisions],
            [fee.is_minimum for fee in fees],
            [fee.plan_version for fee in fees],
            [each.because.value for _, each in decisions],
            [orjson.dumps([_shown(part) for part in fee.parts]).decode() for fee in fees],
        )


def _shown(part: FeePart) -> dict[str, object]:
    return {
        "from_on": part.from_on,
        "until_on": part.until_on,
        "days": part.days,
        "principal": str(part.principal),
        "daily_rate": str(part.daily_rate),
        "amount": str(part.amount),
    }
