"""Policies of tiering: transition rules, governing schemes, scoring dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.tiering.domain.policies import (
    GoverningSchemes,
    ScoringCalendar,
    ScoringDate,
    TierChanges,
)
from shared import presets
from shared.errors import Refusal
from shared.policy_body import parse
from tests.services.tiering.schemes import KINDS, rule


def test_a_scheme_of_its_own_rule_follows_it_and_others_the_common_one() -> None:
    own = replace(rule(), scheme="retail-members", effective="next_month")
    changes = TierChanges((rule(), own))
    assert changes.rule_for("retail-members") == own
    assert changes.rule_for("city-post-2012") == rule()


def test_a_common_rule_must_be_there() -> None:
    with pytest.raises(ValueError, match="every scheme"):
        TierChanges(())
    with pytest.raises(Refusal):
        parse(TierChanges, {"rules": []})


def test_the_2012_bands_govern_visits_and_the_2005_scheme_the_rest() -> None:
    preset = presets.shipped("services.tiering", "guangdong-post-2005", KINDS)
    governing = [e.policy for e in preset.entries if isinstance(e.policy, GoverningSchemes)][-1]
    assert governing.governed_by("city-post-2012") == ("cadence",)
    assert governing.governed_by("guangdong-post-2005") == ("credit", "discounts", "managers")
    assert governing.governed_by("retail-members") == ()


def test_scoring_dates_fall_on_their_day_and_on_the_last_of_a_short_month() -> None:
    calendar = ScoringCalendar(
        (
            ScoringDate("a", "year", 20, 1),
            ScoringDate("b", "month", 31),
            ScoringDate("a", "month", 20),
        )
    )
    assert calendar.due_on(date(2026, 1, 20)) == ("a",)
    assert calendar.due_on(date(2026, 2, 28)) == ("b",)
    assert calendar.due_on(date(2026, 3, 30)) == ()
    assert calendar.due_on(date(2026, 3, 31)) == ("b",)


@pytest.mark.parametrize("month", [None, 13])
def test_a_yearly_date_names_a_month_that_exists(month: int | None) -> None:
    with pytest.raises(ValueError):
        ScoringDate("a", "year", 1, month)


def test_every_preset_can_be_read() -> None:
    names = presets.names("services.tiering")
    assert names == ["city-post-2012", "guangdong-post-2005", "property", "retail", "utility"]
    for name in names:
        assert presets.shipped("services.tiering", name, KINDS).entries
