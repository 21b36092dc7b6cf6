"""An approved tier takes effect, and the others hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.tiering.domain.policies import GoverningSchemes
from services.tiering.domain.tiers.proposals import ProposalNotOpen
from services.tiering.handlers import republish
from services.tiering.handlers.tiers import (
    approve_proposal,
    approve_proposals,
    follow_governing_schemes,
    refuse_proposal,
)
from services.tiering.handlers.tiers.approve_proposals import ApproveProposals
from services.tiering.storage.tiers import tiers
from shared import policy
from shared.directory.scope import OutOfScope
from shared.errors import NotFound, StaleVersion
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.tiering.handlers.tiers.decisions import (
    ELECTRONICS,
    INSURER,
    TODAY,
    changed,
    decision,
    enter,
    proposed,
)
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
