"""R-37: a dispute that is not ruled by its deadline is found once, and stays open."""

from __future__ import annotations

from datetime import timedelta

from services.registry.handlers.cases import notice_overdue, rule_dispute
from services.registry.storage.cases import disputes
from shared.contracts.registry import DisputeOverdue
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import OPENED_ON, claimed, ruling
from tests.services.registry.story import approved, told

DUE_ON = OPENED_ON + timedelta(days=30)


async def test_r37_the_day_after_the_deadline_is_too_late_and_told_once(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    assert await notice_overdue.handle(work, DUE_ON) == 0
    assert await notice_overdue.handle(work, DUE_ON + timedelta(days=1)) == 1
    assert await notice_overdue.handle(work, DUE_ON + timedelta(days=2)) == 0
    (fact,) = told(work, DisputeOverdue)
    assert (fact.ruling_unit, fact.due_on, fact.entity.version) == ("GD", DUE_ON, 2)
    assert fact.policy is not None
    assert fact.policy.name == "dispute-rules"
    late = await disputes.load(work, dispute.dispute_id)
    assert (late.state, late.overdue_on) == ("open", DUE_ON + timedelta(days=1))


async def test_r37_a_late_ruling_is_still_a_ruling(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    await notice_overdue.handle(work, DUE_ON + timedelta(days=1))
    await rule_dispute.handle(work, ruling(dispute, expected_version=2))
    assert (await disputes.load(work, dispute.dispute_id)).state == "ruled"
    assert await notice_overdue.handle(work, DUE_ON + timedelta(days=3)) == 0
