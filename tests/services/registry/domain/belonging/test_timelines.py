"""Dated versions: the highest that has begun holds, whichever came first."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.belonging.ownership import Ownership, OwnershipRule
from services.registry.domain.belonging.timelines import in_force, next_version, spans

DAY = date(2026, 1, 1)
HISTORIES = st.lists(st.integers(0, 20), min_size=1, max_size=8).map(
    lambda days: [
        Ownership(f"U{i}", OwnershipRule.RULING, DAY + timedelta(days=day), i + 1)
        for i, day in enumerate(days)
    ]
)


@given(HISTORIES, st.randoms())
def test_spans_say_of_every_day_what_is_in_force(history: list[Ownership], random: object) -> None:
    shuffled = sorted(history, key=lambda item: hash((item.version, str(random))))
    found = spans(shuffled)
    for offset in range(-1, 25):
        day = DAY + timedelta(days=offset)
        holding = [
            span.held
            for span in found
            if span.from_on <= day and (span.until_on is None or day <= span.until_on)
        ]
        held = in_force(history, day)
        assert holding == ([] if held is None else [held])


def test_versions_count_from_one() -> None:
    assert next_version([]) == 1
    assert next_version([Ownership("U", OwnershipRule.RULING, DAY, 4)]) == 5
