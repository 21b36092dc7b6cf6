"""R-50, R-52, C22: who takes whose place, the days of rotation and of the bridge."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.domain.people.managers import (
    Assignment,
    History,
    ManagerRule,
    Signature,
    Swap,
    managers_of,
)
from services.registry.domain.people.managers import Phase as P
from services.registry.domain.people.rotations import ManagerRotation, bridge_until, due_before
from services.registry.domain.people.succession import (
    Bridge,
    BridgeMustStay,
    Pair,
    Place,
    SuccessorIsLeaver,
    require_bridge,
    succeed,
)
from shared.identifiers import derived_id

POLICY = ManagerRotation(months=24, bridge_days=31, longest_postponement_days=180)


@pytest.mark.parametrize(
    ("pair", "place", "successor", "after"),
    [
        (Pair("A", "B"), Place.A, "C", Pair("C", "B")),
        (Pair("A", "B"), Place.B, "C", Pair("A", "C")),
        (Pair("A", "B"), Place.A, "B", Pair("B", None)),
        (Pair("A", None), Place.A, "C", Pair("C", None)),
        (Pair("A", None), Place.B, "C", Pair("A", "C")),
        (Pair("X", "C"), Place.B, "C", Pair("X", "C")),
    ],
)
def test_r52_a_successor_takes_the_place_beside_the_partner(
    pair: Pair, place: Place, successor: str, after: Pair
) -> None:
    assert succeed(pair, place, "A" if place is Place.A else "Z", successor) == after


def test_r52_nobody_succeeds_himself() -> None:
    with pytest.raises(SuccessorIsLeaver):
        succeed(Pair("A", "B"), Place.A, "A", "A")


@pytest.mark.parametrize(
    ("on", "since"),
    [
        (date(2028, 1, 12), date(2026, 1, 12)),
        (date(2028, 2, 29), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2024, 12, 31)),
        (date(2026, 1, 1), date(2024, 1, 1)),
    ],
)
def test_r50_two_years_back_to_the_day(on: date, since: date) -> None:
    assert due_before(on, POLICY) == since


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2026, 10, 5), date(2026, 12, 31)),
    ],
)
def test_c22_the_bridge_stays_a_cadence_period_and_to_the_end_of_the_quarter(
    on: date, until: date
) -> None:
    assert bridge_until(on, POLICY) == until


def test_c22_the_bridge_may_go_on_the_day_after() -> None:
    bridges = [Bridge("B", date(2026, 3, 31))]
    require_bridge(Pair("A", "B"), Pair("C", "B"), bridges, date(2026, 3, 31))
    require_bridge(Pair("A", "B"), Pair("A", "C"), bridges, date(2026, 4, 1))
    with pytest.raises(BridgeMustStay):
        require_bridge(Pair("A", "B"), Pair("A", "C"), bridges, date(2026, 3, 31))


def test_r50_the_lead_has_led_since_the_last_change_of_lead() -> None:
    first = Assignment("A", "B", date(2024, 1, 1), 1)
    beside = Assignment("A", "C", date(2024, 6, 1), 2, ManagerRule.HANDOVER)
    signed = Signature(derived_id("contract"), date(2025, 1, 1))
    back = Swap(P.DEVELOPMENT, date(2025, 7, 1), 1)
    stories = [
        (History([first]), date(2024, 1, 1)),
        (History([first, beside]), date(2024, 1, 1)),
        (History([first, beside], [signed]), date(2025, 1, 1)),
        (History([first, beside], [signed], [back]), date(2025, 7, 1)),
    ]
    for history, since in stories:
        folded = managers_of(history)
        assert folded is not None
        assert folded.lead_since_on == since
