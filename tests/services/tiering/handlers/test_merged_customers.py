"""R-81: a merged customer's revenue, usage and tier are its survivor's; undo gives both back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.tiering.api.totals import Summary
from services.tiering.consumers import CONSUMERS
from services.tiering.handlers.scoring import rescore_merged
from services.tiering.handlers.scoring.check_freshness import stale
from services.tiering.handlers.tiers import approve_proposals, effect_tiers
from services.tiering.handlers.tiers.approve_proposals import ApproveProposals
from services.tiering.storage.inputs import revenue_reports
from services.tiering.storage.tiers import tier_reports
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged
from shared.http.paging import PageRequest
from shared.work import Work
from tests.services.tiering.stories import (
    POST_2012,
    earn,
    open_proposals,
    run,
)
from tests.support import cast
from tests.support.facts import published

ELECTRONICS, INSURER = cast.ELECTRONICS, cast.INSURER


async def tell(work: Work, survivor: cast.Customer | None, version: int = 1) -> None:
    """The insurer is part of another from now on, or itself again."""
    fact = CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=version),
        customer_key=INSURER.key,
        survivor=survivor.key if survivor else None,
        on=date(2026, 1, 15),
    )
    await CONSUMERS.dispatch(work, [published(fact)])


async def newest(work: Work) -> dict[UUID, tuple[Decimal, str | None]]:
    """The newest score of everybody: raw and tier."""
    rows = await work.rows(
        "SELECT DISTINCT ON (customer_key) customer_key, raw, tier FROM scores"
        " ORDER BY customer_key, version DESC"
    )
    return {row["customer_key"]: (row["raw"], row["tier"]) for row in rows}


async def test_r81_the_next_sweep_scores_the_survivor_with_the_revenue_of_both(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "500000.00"})
    await run(work)
    alone = await newest(work)
    await tell(work, ELECTRONICS)
    assert await rescore_merged.handle(work, work.today) == 1
    found = await newest(work)
    assert found[ELECTRONICS.key] == (Decimal(1100000), "platinum")
    assert found[INSURER.key] == alone[INSURER.key]
    assert (await open_proposals(work))[ELECTRONICS.key].after == "platinum"
    assert await rescore_merged.handle(work, work.today) == 0


async def test_r81_after_undo_both_scores_are_what_they_were(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "500000.00"})
    await run(work)
    alone = await newest(work)
    proposed = {key: each.after for key, each in (await open_proposals(work)).items()}
    await tell(work, ELECTRONICS)
    await rescore_merged.handle(work, work.today)
    await tell(work, None, 2)
    await rescore_merged.handle(work, work.today)
    assert await newest(work) == alone
    again = {key: each.after for key, each in (await open_proposals(work)).items()}
    assert again == proposed


async def test_r81_nobody_approves_a_proposal_for_a_customer_that_is_part_of_another(
    work: Work,
) -> None:
    await earn(work, {INSURER: "500000.00"})
    await run(work)
    found = (await open_proposals(work))[INSURER.key]
    await tell(work, ELECTRONICS)
    changed = await stale(work, [found])
    assert [each.what for each in changed[found.proposal_id]] == ["customer"]
    await tell(work, None, 2)
    assert await stale(work, [found]) == {}


async def test_r81_revenue_that_comes_under_the_old_key_counts_for_the_survivor(
    work: Work,
) -> None:
    await earn(work, {ELECTRONICS: "600000.00"})
    await run(work)
    await tell(work, ELECTRONICS)
    await earn(work, {INSURER: "250000.00"}, on=date(2025, 7, 1))
    await rescore_merged.handle(work, work.today)
    assert (await newest(work))[ELECTRONICS.key][0] == 850000


async def test_r81_totals_of_both_are_told_as_one_and_as_two_again(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "500000.00"})
    await work.run("SELECT kit.enter('X', 'GD', :today)", {"today": work.today})

    async def summed() -> dict[str, str]:
        page = PageRequest(50, None, "")
        found = await revenue_reports.summary(
            work, page, Summary, by="customer", from_month=None, to_month=None
        )
        return {each.key: each.amount for each in found.items}

    two = await summed()
    assert two == {str(ELECTRONICS.key): "600000.00", str(INSURER.key): "500000.00"}
    await tell(work, ELECTRONICS)
    assert await summed() == {str(ELECTRONICS.key): "1100000.00"}
    await tell(work, None, 2)
    assert await summed() == two


async def test_r81_a_merged_customer_has_the_tier_of_its_survivor(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "20000.00"})
    await run(work)
    everything = ApproveProposals(POST_2012, date(2025, 12, 31), (), "G001")
    await work.run("SELECT kit.enter('X', 'GD', :today)", {"today": work.today})
    await approve_proposals.handle(work, replace(everything, effective_on=work.today))
    await effect_tiers.handle(work, work.today)

    async def tier_of(customer: cast.Customer) -> list[str | None]:
        rows = await tier_reports.tiers_of(work, customer.key, work.today)
        return [row["tier"] for row in rows]

    own = await tier_of(INSURER)
    assert own != await tier_of(ELECTRONICS)
    counted = sum(
        row["customers"] for row in await tier_reports.distribution(work, POST_2012, work.today)
    )
    await tell(work, ELECTRONICS)
    assert await tier_of(INSURER) == await tier_of(ELECTRONICS)
    fewer = await tier_reports.distribution(work, POST_2012, work.today)
    assert sum(row["customers"] for row in fewer) == counted - 1
    await tell(work, None, 2)
    assert await tier_of(INSURER) == own
