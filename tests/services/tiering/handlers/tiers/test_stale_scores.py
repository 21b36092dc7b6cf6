"""What has changed since a score is noticed before anybody approves it."""

from __future__ import annotations

from datetime import date

import pytest

from services.tiering.domain.tiers.proposals import StaleScore
from services.tiering.handlers.inputs import follow_ownership
from services.tiering.handlers.scoring import notice_stale_scores
from services.tiering.handlers.tiers import approve_proposal
from services.tiering.storage.scoring import staleness
from shared.work import Work
from tests.services.tiering.events import owned
from tests.services.tiering.handlers.tiers.decisions import (
    ELECTRONICS,
    TODAY,
    decision,
    enter,
    proposed,
)
from tests.services.tiering.stories import (
    POST_2005,
    earn,
    open_proposals,
    own,
    report_city,
    restate,
    run,
)
from tests.support.facts import published


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
