"""R-01, R-03, R-04: centres of three levels, and branches without one."""

from __future__ import annotations

import pytest

from services.registry.domain.centres.organisation import (
    Level,
    NoCentre,
    Unit,
    UnitKind,
    UnitOutOfPlace,
    UnknownUnit,
    place,
)

from ..organisations import (
    EXPRESS,
    GUANGZHOU,
    NANSHAN,
    ORGANISATION,
    PANYU,
    PROVINCE,
    SHIPAI,
    TIANHE,
)


@pytest.mark.parametrize(
    ("unit", "parent"),
    [(PROVINCE, None), (GUANGZHOU, PROVINCE), (TIANHE, GUANGZHOU), (SHIPAI, TIANHE)],
)
def test_r01_each_level_stands_below_the_one_above(unit: Unit, parent: Unit | None) -> None:
    assert place(unit, parent) == unit


@pytest.mark.parametrize(
    ("unit", "parent"),
    [(PROVINCE, GUANGZHOU), (GUANGZHOU, None), (TIANHE, PROVINCE), (SHIPAI, PROVINCE),
     (GUANGZHOU, TIANHE), (TIANHE, EXPRESS)],
)  # fmt: skip
def test_r01_a_unit_below_the_wrong_level_is_refused(unit: Unit, parent: Unit | None) -> None:
    with pytest.raises(UnitOutOfPlace):
        place(unit, parent)


@pytest.mark.parametrize("kind", [UnitKind.URBAN_SUB_BUREAU, UnitKind.TOWN_BRANCH])
def test_r03_urban_sub_bureaus_and_town_branches_stand_at_county_level(kind: UnitKind) -> None:
    unit = Unit("GZ-X", "东山分局", Level.COUNTY, kind, "GZ")
    assert place(unit, GUANGZHOU).has_centre
    with pytest.raises(UnitOutOfPlace, match="level"):
        place(Unit("GZ-X", "东山分局", Level.BRANCH, kind, "GZ"), GUANGZHOU)


def test_a_specialty_bureau_stands_beside_the_bureau_it_obeys_or_one_below() -> None:
    assert place(EXPRESS, PROVINCE) == EXPRESS
    city = Unit("GZ-EMS", "广州速递局", Level.CITY, UnitKind.SPECIALTY, "GZ")
    assert place(city, GUANGZHOU) == city
    assert place(city, PROVINCE) == city
    with pytest.raises(UnitOutOfPlace):
        place(city, TIANHE)
    with pytest.raises(UnitOutOfPlace):
        place(EXPRESS, None)


def test_a_branch_may_stand_directly_below_a_city_without_counties() -> None:
    branch = Unit("DG-1", "莞城支局", Level.BRANCH, UnitKind.BRANCH, "GZ")
    assert place(branch, GUANGZHOU) == branch


def test_r04_a_branch_has_no_centre_and_its_county_speaks_for_it() -> None:
    assert ORGANISATION.centre_of("GZ-TH-SP") == TIANHE
    assert ORGANISATION.centre_of("GZ") == GUANGZHOU
    assert ORGANISATION.require_centre("GZ-TH", "/unit") == TIANHE
    with pytest.raises(NoCentre) as refusal:
        ORGANISATION.require_centre("GZ-TH-SP", "/development_unit")
    assert refusal.value.rule == "R-04"
    assert refusal.value.facts["centre"] == "GZ-TH"


def test_one_unit_covers_another_when_it_stands_above_or_is_the_same() -> None:
    assert ORGANISATION.is_within("GZ-TH-SP", "GZ")
    assert ORGANISATION.is_within("GZ", "GZ")
    assert not ORGANISATION.is_within("GZ", "GZ-TH")
    assert not ORGANISATION.is_strictly_above("GZ", "GZ")
    assert ORGANISATION.overlap("GZ", "GZ-TH")
    assert not ORGANISATION.overlap("GZ-TH", "GZ-PY")


@pytest.mark.parametrize(
    ("parties", "judge"),
    [
        (("GZ-TH", "GZ-PY"), "GZ"),
        (("GZ-TH", "SZ-NS"), "GD"),
        (("GZ", "GZ-TH"), "GD"),
        (("GZ", "SZ"), "GD"),
        (("GD", "SZ"), "GD"),
        (("GD-EMS", "SZ"), "GD"),
    ],
)
def test_r37_the_next_higher_centre_stands_above_all_parties(
    parties: tuple[str, ...], judge: str
) -> None:
    assert ORGANISATION.next_higher_centre(parties).code == judge


def test_a_unit_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownUnit):
        ORGANISATION.unit("XX")
    assert NANSHAN.parent == "SZ"
    assert PANYU.parent == "GZ"
