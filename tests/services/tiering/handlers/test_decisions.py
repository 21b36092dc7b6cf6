"""T-29, T-30: approving, overriding, refusing, and tiers taking effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from services.tiering.domain.policies import GoverningSchemes, TierChanges
from services.tiering.domain.proposals import (
    EffectiveTooEarly,
    Proposal,
    ProposalNotOpen,
    StaleScore,
)
from services.tiering.handlers import (
    approve_proposal,
    approve_proposals,
    effect_tiers,
    follow_governing_schemes,
    follow_ownership,
    notice_stale_scores,
    override_proposal,
    refuse_proposal,
    republish,
)
from services.tiering.handlers.approve_proposals import ApproveProposals
from services.tiering.handlers.deciding import Decision
from services.tiering.storage import staleness, tiers
from shared import policy
from shared.auth import Caller
from shared.directory.scope import OutOfScope
from shared.errors import NotFound, StaleVersion
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.tiering.events import owned
from tests.services.tiering.schemes import rule
from tests.services.tiering.stories import (
    POST_2005,
    POST_2012,
    earn,
    open_proposals,
    own,
    published_facts,
    report_city,
    restate,
    run,
)
from tests.support import cast as people
from tests.support.facts import published

ELECTRONICS, INSURER = people.ELECTRONICS, people.INSURER
TODAY = date(2026, 3, 16)


async def enter(work: Work, person: people.Person = people.CITY_DIRECTOR) -> None:
    """Somebody of the cast makes the request."""
    work.caller = Caller(person.code, person.unit, frozenset(person.roles))
    await work.run(
        "SELECT kit.enter(:code, :unit, :today)",
        {"code": person.code, "unit": person.unit, "today": work.today},
    )


async def proposed(work: Work, amount: str = "600000.00") -> Proposal:
    """One customer's proposal by the bands of 2012."""
    await earn(work, {ELECTRONICS: amount})
    await run(work)
    await enter(work)
    return (await open_proposals(work))[ELECTRONICS.key]


def decision(proposal: Proposal, **changes: object) -> Decision:
    made = Decision(proposal.proposal_id, proposal.version, people.CITY_DIRECTOR.code)
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's shorthand


async def changed(work: Work) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", await published_facts(work, "tier_changed"))


async def test_an_approved_tier_takes_effect_and_the_others_hear_of_it(work: Work) -> None:
    approved = await approve_proposal.handle(work, decision(await proposed(work)))
    assert (approved.state, approved.version) == ("approved", 2)
    assert approved.effective_on == approved.effected_on == TODAY
    (fact,) = await changed(work)
    assert fact["entity"] == {
        "type": "tier",
        "id": f"{ELECTRONICS.key}/{POST_2012}",
        "version": 1,
    }
    assert (fact["before"], fact["after"], fact["rank"]) == (None, "gold", 2)
    assert (fact["scheme_version"], fact["effective_on"]) == (1, "2026-03-16")
    assert fact["governs"] == ["cadence"]
    assert fact["proposal_id"] == str(approved.proposal_id)
    assert fact["policy"] == {"name": "tier-changes", "version": 1}
    await work.finish()


async def test_a_tier_above_the_range_of_the_source_is_flagged(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work, "5000000.01")))
    (fact,) = await changed(work)
    assert (fact["after"], fact["flags"]) == ("platinum", ["above-range"])


async def test_the_2005_scheme_governs_managers_credit_and_discounts(work: Work) -> None:
    await own(work)
    await report_city(work)
    await earn(work, {ELECTRONICS: "1200000.00"})
    await run(work, POST_2005)
    await enter(work)
    await approve_proposal.handle(work, decision((await open_proposals(work))[ELECTRONICS.key]))
    (fact,) = await changed(work)
    assert fact["after"] == "diamond"
    assert fact["governs"] == ["credit", "discounts", "managers"]


async def test_a_tier_that_takes_days_from_the_one_before_says_so(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work)))
    await restate(work, ELECTRONICS, "1000000.00", 2)
    await run(work)
    backdated = decision(
        (await open_proposals(work))[ELECTRONICS.key], effective_on=date(2026, 1, 1)
    )
    await approve_proposal.handle(work, backdated)
    first, second = await changed(work)
    assert (first["supersedes"], second["supersedes"]) == (None, 1)


async def test_tiers_tell_when_another_scheme_comes_to_govern(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work)))
    assert await follow_governing_schemes.handle(work, TODAY) == 0
    await policy.record(
        work,
        GoverningSchemes,
        {"scheme_of": {"managers": POST_2012, "cadence": POST_2012}},
        date(2026, 4, 1),
        author="P006",
        reason="test",
        source="ours",
    )
    assert await follow_governing_schemes.handle(work, date(2026, 3, 31)) == 0
    assert await follow_governing_schemes.handle(work, date(2026, 4, 1)) == 1
    assert await follow_governing_schemes.handle(work, date(2026, 4, 2)) == 0
    first, second = await changed(work)
    assert (first["governs"], second["governs"]) == (["cadence"], ["cadence", "managers"])
    assert (second["before"], second["after"]) == ("gold", "gold")
    assert second["effective_on"] == "2026-04-01"
    assert second["policy"]["name"] == "governing-schemes"


async def test_revenue_posted_since_makes_the_score_stale_and_approval_a_conflict(
    work: Work,
) -> None:
    proposal = await proposed(work)
    await restate(work, ELECTRONICS, "600000.01", 2)
    with pytest.raises(StaleScore) as refused:
        await approve_proposal.handle(work, decision(proposal))
    assert refused.value.status == 409
    assert refused.value.facts["changes"] == [
        {"what": "spend", "before": "600000.00", "now": "600000.01"}
    ]


async def test_revenue_that_comes_and_goes_leaves_the_score_fresh(work: Work) -> None:
    proposal = await proposed(work)
    await restate(work, ELECTRONICS, "1.00", 2)
    await restate(work, ELECTRONICS, "600000.00", 3)
    assert (await approve_proposal.handle(work, decision(proposal))).state == "approved"


async def test_a_corrected_denominator_makes_scores_stale_and_marks_them(work: Work) -> None:
    await own(work)
    await report_city(work)
    await earn(work, {ELECTRONICS: "1200000.00"})
    await run(work, POST_2005)
    await enter(work)
    proposal = (await open_proposals(work))[ELECTRONICS.key]
    await report_city(work, "500000000.00", "UR-2", date(2026, 2, 1))
    marks = await staleness.noticed(work, proposal.score_id, 1)
    assert [(c.what, c.before, c.now) for c in marks] == [
        ("share of GZ 2025", "400000000.00", "500000000.00")
    ]
    with pytest.raises(StaleScore):
        await approve_proposal.handle(work, decision(proposal))
    await report_city(work, "400000000.00", "UR-3", date(2026, 2, 2))
    assert await staleness.noticed(work, proposal.score_id, 1) == []
    assert (await approve_proposal.handle(work, decision(proposal))).state == "approved"


async def test_another_owner_in_another_city_makes_the_score_stale(work: Work) -> None:
    await own(work)
    await report_city(work)
    await earn(work, {ELECTRONICS: "1200000.00"})
    await run(work, POST_2005)
    await enter(work)
    proposal = (await open_proposals(work))[ELECTRONICS.key]
    moved = owned(ELECTRONICS, "SZ", version=2, on=date(2025, 10, 1))
    await follow_ownership.handle(work, [published(moved)])
    with pytest.raises(StaleScore):
        await approve_proposal.handle(work, decision(proposal))


async def test_every_day_stale_scores_of_open_proposals_are_marked(work: Work) -> None:
    proposal = await proposed(work)
    assert await notice_stale_scores.handle(work, TODAY) == 0
    await restate(work, ELECTRONICS, "600000.01", 2)
    assert await notice_stale_scores.handle(work, TODAY) == 1
    (mark,) = await staleness.noticed(work, proposal.score_id, proposal.score_version)
    assert (mark.what, mark.now) == ("spend", "600000.01")
    await restate(work, ELECTRONICS, "600000.00", 3)
    assert await notice_stale_scores.handle(work, TODAY) == 0
    assert await staleness.noticed(work, proposal.score_id, proposal.score_version) == []


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


async def test_a_refused_proposal_is_not_made_again_from_the_same_score(work: Work) -> None:
    proposal = await proposed(work)
    refused = await refuse_proposal.handle(work, decision(proposal), "客户正在谈判")
    assert (refused.state, refused.reason) == ("refused", "客户正在谈判")
    assert await changed(work) == []
    assert (await run(work)).proposed == 0
    await restate(work, ELECTRONICS, "600001.00", 2)
    assert (await run(work)).proposed == 1


async def test_a_proposal_is_decided_once_and_by_who_saw_its_version(work: Work) -> None:
    proposal = await proposed(work)
    with pytest.raises(StaleVersion):
        await approve_proposal.handle(work, decision(proposal, expected_version=2))
    await approve_proposal.handle(work, decision(proposal))
    with pytest.raises(ProposalNotOpen):
        await refuse_proposal.handle(work, decision(proposal, expected_version=2), "…")
    with pytest.raises(NotFound):
        await approve_proposal.handle(work, decision(proposal, proposal_id=derived_id("none")))


async def test_another_citys_director_may_not_decide(work: Work) -> None:
    proposal = await proposed(work)
    await enter(work, people.OTHER_CITY_DIRECTOR)
    with pytest.raises(OutOfScope):
        await approve_proposal.handle(work, decision(proposal))


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


async def test_a_scoring_is_approved_together_and_stale_scores_stay_open(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "20000.00"})
    await earn(work, {people.SOFTWARE: "700000.00"})
    await run(work)
    await restate(work, INSURER, "20000.01", 2)
    await enter(work)
    command = ApproveProposals(POST_2012, date(2025, 12, 31), (), "G001")
    result = await approve_proposals.handle(work, command)
    # The software house belongs to another city and is none of this director's business.
    assert [len(result.approved), len(result.stale)] == [1, 1]
    assert result.stale[0][0].customer_key == INSURER.key
    assert result.next_after is None
    assert set(await open_proposals(work)) == {INSURER.key, people.SOFTWARE.key}


async def test_only_the_kinds_asked_for_are_approved_together(work: Work) -> None:
    await proposed(work)
    command = ApproveProposals(POST_2012, date(2025, 12, 31), ("promotion",), "G001")
    assert (await approve_proposals.handle(work, command)).approved == []
    firsts = replace(command, kinds=("first",))
    assert len((await approve_proposals.handle(work, firsts)).approved) == 1


async def test_tiers_and_scores_are_republished_at_unchanged_versions(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work)))
    before = await changed(work)
    scores_before = await published_facts(work, "score_recorded")
    assert await republish.tiers(work, None) is None
    assert await changed(work) == [*before, *before]
    assert await republish.newest_scores(work, None) is None
    again = (await published_facts(work, "score_recorded"))[len(scores_before) :]
    assert sorted(again, key=str) == sorted(scores_before, key=str)


async def test_histories_are_only_ever_added_to(work: Work) -> None:
    await approve_proposal.handle(work, decision(await proposed(work)))
    assert await tiers.after(work, None, 10)
    for table in ("scores", "tiers"):
        with pytest.raises(Exception, match="only ever added"):
            async with work.savepoint():
                await work.run(f"DELETE FROM {table}")
