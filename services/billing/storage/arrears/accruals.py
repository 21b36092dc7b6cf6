"""Late fees as they grow, for all that is overdue at once.

What `fee_decisions.accrue` decides for one account, in SQL for thousands; a test holds the two
against each other. A portion of customers is worked out in a temporary table, then kept, posted and
told from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.billing.domain.arrears.late_fees import (
    LateFeePlan,
    PlanVersion,
    plan_on,
    rate_periods,
)
from services.billing.domain.books.journal import JournalKind
from services.billing.domain.receivables.receivables import fee_id_of
from services.billing.storage.arrears.accrual_sql import (
    FEES,
    FIND_OVERDUE,
    KEEP_DECISIONS,
    KEEP_FEES,
    LINES,
    MARK_ACCRUED,
    NAME_FEES,
    OVERDUE_TABLE,
    TABLE,
    TOLD_CHARGES,
    UNNAMED,
    WORK_OUT,
)
from services.billing.storage.books import journal
from services.billing.storage.receivables import portions
from services.billing.storage.receivables.portions import Customers
from shared.contracts.billing import LateFeePosted
from shared.messaging import outbox
from shared.work import Work


async def accrue(work: Work, customers: Customers, plans: Sequence[PlanVersion], on: date) -> int:
    """Post how far the fees of all that is overdue when `on` ends have grown (B-15).

    Returns how many instalments were looked at. The customers' accounts are held.
    """
    looked_at = await _work_out(work, customers, plans, on)
    if looked_at:
        await _name(work)
        await work.bulk(MARK_ACCRUED, on)
        await work.bulk(KEEP_FEES, on)
        await work.bulk(KEEP_DECISIONS, on, work.now)
        kinds = JournalKind.LATE_FEE.value, JournalKind.LATE_FEE_WAIVER.value
        await journal.post_selected(work, LINES, on, *kinds)
        [(charge_ids,)] = await work.bulk(TOLD_CHARGES)
        await portions.changed(work, charge_ids or ())
        plan = LateFeePlan.policy_name
        await outbox.store_selected(work, LateFeePosted, FEES, work.currency, on, plan)
    return looked_at


async def _work_out(
    work: Work, customers: Customers, plans: Sequence[PlanVersion], on: date
) -> int:
    governing = plan_on(plans, on)
    assert governing is not None, "fees grow where a plan is in force"
    periods = rate_periods(plans, on)
    await work.run("DROP TABLE IF EXISTS pg_temp.overdue, pg_temp.accruals")
    await work.run(OVERDUE_TABLE)
    await work.run(TABLE)
    await work.bulk(FIND_OVERDUE, customers.after, customers.until, on, on)
    await work.run("ANALYZE pg_temp.overdue")
    await work.bulk(
        WORK_OUT,
        [each.tariff_class for each in periods],
        [each.from_on for each in periods],
        [each.until_on for each in periods],
        [each.current_year for each in periods],
        [each.carried_over for each in periods],
        *(on, on),
        *(work.currency, on, governing.plan.minimum, governing.version),
    )
    await work.run("ANALYZE pg_temp.accruals")
    return int(await work.value("SELECT count(*) FROM pg_temp.accruals"))


async def _name(work: Work) -> None:
    """Give every fee that is decided for the first time the id that is derived for it."""
    instalments: list[UUID] = [key for (key,) in await work.bulk(UNNAMED)]
    if instalments:
        await work.bulk(NAME_FEES, instalments, [fee_id_of(key) for key in instalments])
