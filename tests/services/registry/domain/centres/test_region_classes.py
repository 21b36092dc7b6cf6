"""R-11: region classes from a day on, by the policy and city by city."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.domain.centres.organisation import Level, Unit, UnitKind
from services.registry.domain.centres.region_classes import (
    Reclassification,
    RegionClass,
    RegionClasses,
    UnknownRegionClass,
    class_on,
    is_classified,
    require_class,
)
from tests.services.registry.domain.organisations import EXPRESS, GUANGZHOU, PROVINCE, TIANHE

FIRST = RegionClasses((RegionClass(1, ("440100",)), RegionClass(2, ("441900", "440600"))))
LATER = RegionClasses((RegionClass(1, ("440100", "441900")), RegionClass(2, ("440600",))))
POLICIES = [(date(2005, 1, 1), FIRST), (date(2010, 1, 1), LATER)]


def changed(to: int, on: date, version: int = 1) -> Reclassification:
    return Reclassification("441900", to, on, version)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2004, 12, 31), None),
        (date(2005, 1, 1), 2),
        (date(2009, 12, 31), 2),
        (date(2010, 1, 1), 1),
    ],
)
def test_r11_the_policy_in_force_on_the_day_classifies(on: date, expected: int | None) -> None:
    assert class_on("441900", POLICIES, [], on) == expected


def test_r11_a_city_that_no_class_names_has_none() -> None:
    assert class_on("442000", POLICIES, [], date(2020, 1, 1)) is None


def test_r11_a_change_holds_from_its_day_until_a_later_one() -> None:
    changes = [changed(1, date(2007, 7, 1)), changed(2, date(2008, 7, 1), 2)]
    days = {
        date(2007, 6, 30): 2,
        date(2007, 7, 1): 1,
        date(2008, 6, 30): 1,
        date(2008, 7, 1): 2,
        date(2010, 1, 1): 1,
    }
    assert {day: class_on("441900", POLICIES, changes, day) for day in days} == days


def test_r11_on_one_day_the_single_change_outweighs_the_policy() -> None:
    changes = [changed(2, date(2010, 1, 1))]
    assert class_on("441900", POLICIES, changes, date(2010, 1, 1)) == 2
    assert class_on("441900", [], changes, date(2010, 1, 1)) == 2


def test_r11_a_correction_of_the_same_day_is_the_newer_version() -> None:
    changes = [changed(1, date(2012, 1, 1)), changed(2, date(2012, 1, 1), 2)]
    assert class_on("441900", POLICIES, changes, date(2012, 1, 1)) == 2


def test_r11_a_class_that_the_site_does_not_have_is_refused() -> None:
    assert require_class(FIRST, 2) == 2
    for number in (0, 3):
        with pytest.raises(UnknownRegionClass):
            require_class(FIRST, number)


def test_r11_a_classification_names_every_city_and_class_once() -> None:
    with pytest.raises(ValueError, match="two classes"):
        RegionClasses((RegionClass(1, ("440100",)), RegionClass(2, ("440100",))))
    for numbers in ((1, 1), (0, 1)):
        with pytest.raises(ValueError, match="different numbers"):
            RegionClasses(tuple(RegionClass(number, ()) for number in numbers))


def test_r11_cities_alone_have_a_class() -> None:
    assert is_classified(GUANGZHOU)
    city_bureau = Unit("GZ-EMS", "广州速递", Level.CITY, UnitKind.SPECIALTY, "GZ")
    for unit in (PROVINCE, TIANHE, EXPRESS, city_bureau):
        assert not is_classified(unit)
