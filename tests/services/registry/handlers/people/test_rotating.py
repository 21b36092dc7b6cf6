"""R-50, C22: who has led for too long is proposed for rotation, and the other stays as a bridge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.domain.people.handovers import (
    HandoverReason,
)
from services.registry.domain.people.rotations import (
    LeadChanged,
    PostponedTooLong,
    RotatedIntoPartner,
    RotationDecided,
)
from services.registry.domain.people.succession import BridgeMustStay
from services.registry.handlers.handovers import (
    start,
)
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.people import assign_managers, decide_rotation, propose_rotations
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.people.decide_rotation import AcceptRotation, PostponeRotation
from services.registry.storage.people import managers
from shared.work import Work
from tests.services.registry.handlers.people.test_handing_over import (
    DIRECTOR,
    OTHER,
    A,
    B,
    leave,
    only,
)
from tests.services.registry.story import (
    approved,
    managed,
    signed,
)

TWO_YEARS = date(2028, 1, 12)


async def proposed(work: Work, on: date) -> list[dict[str, Any]]:
    """The open proposals after the sweep of `on`."""
    work.today = on
    await propose_rotations.handle(work, on)
    rows = await work.rows(
        "SELECT * FROM rotations WHERE state IN ('proposed', 'postponed') ORDER BY lead_since_on"
    )
    return [dict(row) for row in rows]


async def test_r50_two_years_of_one_lead_propose_a_rotation_once(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    assert await proposed(work, TWO_YEARS - timedelta(days=1)) == []
    (found,) = await proposed(work, TWO_YEARS)
    assert (found["staff_code"], found["lead_since_on"]) == (A, date(2026, 1, 12))
    assert len(await proposed(work, TWO_YEARS + timedelta(days=1))) == 1


async def test_r50_the_swap_of_the_lead_begins_the_years_anew(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    await signed(work, pair, "GZ-TH", date(2026, 2, 2))
    assert await proposed(work, date(2028, 2, 1)) == []
    (found,) = await proposed(work, date(2028, 2, 2))
    assert found["staff_code"] == B


def accepting(rotation: dict[str, Any], code: str) -> AcceptRotation:
    """The director accepts with a successor."""
    key, version = rotation["customer_key"], rotation["version"]
    return AcceptRotation(rotation["rotation_id"], key, version, DIRECTOR, code)


async def test_r50_c22_the_lead_goes_and_b_stays_as_the_bridge(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    (rotation,) = await proposed(work, TWO_YEARS)
    with pytest.raises(RotatedIntoPartner):
        await decide_rotation.accepted(work, accepting(rotation, B))
    await decide_rotation.accepted(work, accepting(rotation, OTHER))
    held, version = await managers.current(work, pair)
    assert held is not None
    assert (held.a, held.b, held.rule.value) == (OTHER, B, "rotation")
    assert (await only(work)).reason is HandoverReason.ROTATION
    # The quarter ends later than the cadence period.
    last = date(2028, 3, 31)
    work.today = last
    without = AssignManagers(pair, DIRECTOR, version, OTHER, None)
    with pytest.raises(BridgeMustStay):
        await assign_managers.handle(work, without)
    moving = StartHandover(B, HandoverReason.REASSIGNMENT, (pair,), DIRECTOR, {pair: A})
    with pytest.raises(BridgeMustStay):
        await start.handle(work, moving)
    work.today = last + timedelta(days=1)
    await assign_managers.handle(work, without)
    with pytest.raises(RotationDecided):
        await decide_rotation.accepted(work, replace(accepting(rotation, A), expected_version=2))


async def test_r52_a_departure_outweighs_the_bridge(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    (rotation,) = await proposed(work, TWO_YEARS)
    await decide_rotation.accepted(work, accepting(rotation, OTHER))
    await leave(work, B, TWO_YEARS)
    held, _ = await managers.current(work, pair)
    assert held is not None
    assert (held.a, held.b) == (OTHER, None)


async def test_r50_a_proposal_is_postponed_with_a_reason_and_comes_again(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    (rotation,) = await proposed(work, TWO_YEARS)

    def until(day: date) -> PostponeRotation:
        where = (rotation["rotation_id"], pair, 1, DIRECTOR)
        return PostponeRotation(*where, day, "大项目投标中")

    for day in (TWO_YEARS, TWO_YEARS + timedelta(days=181)):
        with pytest.raises(PostponedTooLong):
            await decide_rotation.postponed(work, until(day))
    again = TWO_YEARS + timedelta(days=180)
    await decide_rotation.postponed(work, until(again))
    (waiting,) = await proposed(work, again - timedelta(days=1))
    assert waiting["state"] == "postponed"
    (woken,) = await proposed(work, again)
    assert woken["state"] == "proposed"


async def test_r50_a_proposal_that_was_overtaken_is_withdrawn(work: Work) -> None:
    pair = await approved(work)
    await managed(work, pair)
    (rotation,) = await proposed(work, TWO_YEARS)
    _, version = await managers.current(work, pair)
    await assign_managers.handle(work, AssignManagers(pair, DIRECTOR, version, OTHER, B))
    with pytest.raises(LeadChanged):
        await decide_rotation.accepted(work, accepting(rotation, A))
    assert await proposed(work, TWO_YEARS + timedelta(days=1)) == []
