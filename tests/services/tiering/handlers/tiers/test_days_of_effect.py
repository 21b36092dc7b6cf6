"""From which day a decided tier holds."""

from __future__ import annotations

from datetime import date

import pytest

from services.tiering.domain.policies import TierChanges
from services.tiering.domain.tiers.proposals import EffectiveTooEarly
from services.tiering.handlers.tiers import approve_proposal, effect_tiers
from shared import policy
from shared.work import Work
from tests.services.tiering.handlers.tiers.decisions import (
    ELECTRONICS,
    TODAY,
    changed,
    decision,
    proposed,
)
from tests.services.tiering.schemes import rule
from tests.services.tiering.stories import open_proposals, restate, run


async def test_a_tier_approved_for_a_later_day_waits_for_the_sweep(work: Work) -> None:
    proposal = await proposed(work)
    later = date(2026, 4, 1)
    approved = await approve_proposal.handle(work, decision(proposal, effective_on=later))
    assert approved.effected_on is None and await changed(work) == []
    assert await effect_tiers.handle(work, date(2026, 3, 31)) == 0
    assert await effect_tiers.handle(work, later) == 1
    assert await effect_tiers.handle(work, later) == 0
    (fact,) = await changed(work)
    assert (fact["effective_on"], fact["as_of"]) == ("2026-04-01", "2026-04-01")


async def test_a_later_decision_withdraws_one_that_is_not_in_effect_yet(work: Work) -> None:
    proposal = await proposed(work)
    await approve_proposal.handle(work, decision(proposal, effective_on=date(2026, 4, 1)))
    await restate(work, ELECTRONICS, "1000000.00", 2)
    await run(work)
    newer = (await open_proposals(work))[ELECTRONICS.key]
    assert (newer.before, newer.after) == ("gold", "platinum")
    await approve_proposal.handle(work, decision(newer))
    assert await effect_tiers.handle(work, date(2026, 4, 1)) == 0
    state = await work.value(
        "SELECT state FROM proposals WHERE proposal_id = :id", id=proposal.proposal_id
    )
    assert state == "withdrawn"
    (fact,) = await changed(work)
    assert fact["after"] == "platinum"


async def test_a_day_before_the_approval_needs_a_policy_that_allows_it(work: Work) -> None:
    proposal = await proposed(work)
    backdated = decision(proposal, effective_on=date(2026, 1, 1))
    await policy.record_parsed(
        work,
        TierChanges((rule(may_backdate=False),)),
        TODAY,
        author="P006",
        reason="test",
        source="ours",
    )
    with pytest.raises(EffectiveTooEarly):
        await approve_proposal.handle(work, backdated)


async def test_yesterdays_paper_can_be_entered_today(work: Work) -> None:
    proposal = await proposed(work)
    approved = await approve_proposal.handle(work, decision(proposal, on=date(2026, 3, 2)))
    assert approved.decided_on == approved.effective_on == date(2026, 3, 2)
    (fact,) = await changed(work)
    assert fact["as_of"] == "2026-03-02"
