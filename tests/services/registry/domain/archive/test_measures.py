"""Completeness and freshness of archives (R-67, R-69, C6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.registry.domain.archive.completeness import (
    ArchiveCompleteness,
    Completeness,
    measure,
    nothing_yet,
)
from services.registry.domain.archive.content import apart
from services.registry.domain.archive.freshness import (
    ArchiveFreshness,
    TierRhythm,
    due_on,
    months_between,
)
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.parts.key_people import KeyPeoplePart, KeyPerson

CITY = TierRhythm(
    "city-post-2012", ("platinum", "gold", "vip"), {"vip": 1, "gold": 2, "platinum": 3}
)
ASKED = ArchiveCompleteness(
    {
        "basic": ("/full_name", "/phone", "/main_products"),
        "key-people": ("/people", "/people/*/phone"),
    }
)


def test_r69_completeness_is_the_share_of_required_fields() -> None:
    written = apart(BasicPart(full_name="南方机械", phone="13800135678"))
    found = measure(Section.BASIC, written, ASKED)
    assert (found.required, found.missing) == (3, ("/main_products",))
    assert found.share == Decimal("0.6666"), "rounded down: only a whole part is 1"
    whole = apart(BasicPart(full_name="南方机械", phone="13800135678", main_products=("机床",)))
    assert measure(Section.BASIC, whole, ASKED).share == 1


def test_r69_a_field_of_a_list_is_there_when_every_entry_has_it() -> None:
    def share(*people: KeyPerson) -> Decimal:
        return measure(Section.KEY_PEOPLE, apart(KeyPeoplePart(people=people)), ASKED).share

    assert share() == 0
    assert share(KeyPerson("1", phone="13800135678"), KeyPerson("2")) == Decimal("0.5")
    assert share(KeyPerson("1", phone="13800135678")) == 1


def test_r69_an_unwritten_part_lacks_everything_and_a_part_without_demands_nothing() -> None:
    assert nothing_yet(Section.BASIC, ASKED).share == 0
    assert nothing_yet(Section.EXTENDED, ASKED) == Completeness(0, ())
    assert nothing_yet(Section.EXTENDED, ASKED).share == 1


def test_a_policy_asks_only_for_fields_that_there_are() -> None:
    with pytest.raises(ValueError, match="/phon"):
        ArchiveCompleteness({"basic": ("/phon",)})
    with pytest.raises(ValueError, match="basics"):
        ArchiveCompleteness({"basics": ()})


@pytest.mark.parametrize(
    ("tier", "months"), [("vip", 1), ("gold", 2), ("platinum", 3), ("silver", None), (None, None)]
)
def test_r67_the_tier_says_how_many_months(tier: str | None, months: int | None) -> None:
    assert months_between(ArchiveFreshness([CITY]), [("city-post-2012", tier)]) == months


def test_r67_the_shortest_period_of_several_schemes_counts_and_the_rest_has_its_own() -> None:
    other = TierRhythm("power", ("key",), {"key": 2})
    policy = ArchiveFreshness([CITY, other], otherwise_months=12)
    assert months_between(policy, [("city-post-2012", "platinum"), ("power", "key")]) == 2
    assert months_between(policy, [("city-post-2012", None)]) == 12


@pytest.mark.parametrize(
    ("updated_on", "months", "last_day"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 11, 5), 2, date(2027, 1, 5)),
    ],
)
def test_r67_a_period_of_months_ends_on_the_same_day_or_the_months_last(
    updated_on: date, months: int, last_day: date
) -> None:
    assert due_on(updated_on, months) == last_day


def test_c6_a_better_tier_that_is_updated_less_often_is_pointed_out() -> None:
    advice = ArchiveFreshness([CITY]).advice()
    assert [(each.rule, each.code) for each in advice] == [("C6", "inverted-rhythm")] * 2
    assert "platinum stands above gold" in advice[0].en
    assert "gold stands above vip" in advice[1].en


def test_c6_the_same_period_or_a_shorter_one_for_the_better_tier_is_no_inversion() -> None:
    rhythm = TierRhythm(CITY.scheme, CITY.tiers, {"vip": 2, "gold": 2, "platinum": 1})
    assert ArchiveFreshness([rhythm]).advice() == []


def test_c6_a_tier_without_a_period_is_skipped() -> None:
    rhythm = TierRhythm(CITY.scheme, CITY.tiers, {"vip": 1, "platinum": 3})
    assert len(ArchiveFreshness([rhythm]).advice()) == 1
