"""A person sets a tier, with a reason."""

from __future__ import annotations

from services.tiering.handlers.tiers import approve_proposal, override_proposal
from shared.work import Work
from tests.services.tiering.handlers.tiers.decisions import (
    ELECTRONICS,
    TODAY,
    changed,
    decision,
    proposed,
)
from tests.services.tiering.stories import open_proposals, restate, run


async def test_an_override_is_kept_apart_with_person_and_reason(work: Work) -> None:
    proposal = await proposed(work)
    decided = await override_proposal.handle(work, decision(proposal), "platinum", "区域影响力")
    assert decided.decided_tier == "platinum" and decided.after == "gold"
    row = await work.row("SELECT * FROM overrides")
    assert row is not None
    assert (row["scored_tier"], row["tier"]) == ("gold", "platinum")
    assert (row["decided_by"], row["reason"]) == ("G001", "区域影响力")
    score = await work.row("SELECT tier, explanation FROM scores WHERE raw > 0")
    assert score is not None
    assert score["tier"] == score["explanation"]["tier"] == "gold"
    (fact,) = await changed(work)
    assert (fact["after"], fact["is_override"], fact["flags"]) == ("platinum", True, [])
    assert "区域影响力" not in str(fact)


async def test_keeping_the_present_tier_by_override_changes_no_tier(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work)))
    await restate(work, ELECTRONICS, "20000.00", 2)
    await run(work)
    demotion = (await open_proposals(work))[ELECTRONICS.key]
    assert (demotion.kind, demotion.after) == ("demotion", "vip")
    kept = await override_proposal.handle(work, decision(demotion), "gold", "合同续签在即")
    assert kept.effected_on == TODAY
    assert len(await changed(work)) == 1
