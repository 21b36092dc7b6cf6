"""R-02, R-03, R-04: what centres are called, to what they belong, who directs them."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from services.registry.domain.centres.centre_names import (
    CentreMisnamed,
    CentreNotGranted,
    CentreOrganisation,
    NotOfThisCentre,
    WrongDepartment,
    require_name,
    set_up,
)
from services.registry.domain.centres.organisation import Level, NoCentre, Unit, UnitKind
from services.registry.domain.centres.staff import NotOnDuty, StaffMember
from tests.services.registry.domain.organisations import EXPRESS, GUANGZHOU, SHIPAI

POST = CentreOrganisation(
    name_pattern="***邮政局大客户中心",
    named_kinds=("territorial", "urban-sub-bureau", "town-branch"),
    department="市场部",
    director_post="市场部副总经理",
    director_role="director",
)
POWER = dataclasses.replace(POST, name_pattern="国网***供电公司大客户服务中心")
DIRECTOR = StaffMember("G001", "陈志强", "GZ", frozenset({"director"}))


@pytest.mark.parametrize(
    ("policy", "name", "fits"),
    [
        (POST, "广州市邮政局大客户中心", True),
        (POST, "广州市邮政局", False),
        (POST, "邮政局大客户中心", False),
        (POST, " 邮政局大客户中心", False),
        (POST, "穗邮政局大客户中心", True),
        (POST, "广州市邮政局大客户中心分部", False),
        (POWER, "国网广州供电公司大客户服务中心", True),
        (POWER, "国网供电公司大客户服务中心", False),
        (POWER, "广州市邮政局大客户中心", False),
    ],
)
def test_r02_a_name_fits_the_pattern_of_its_site(
    policy: CentreOrganisation, name: str, fits: bool
) -> None:
    assert policy.fits(name) is fits


@pytest.mark.parametrize("kind", [UnitKind.URBAN_SUB_BUREAU, UnitKind.TOWN_BRANCH])
def test_r03_units_treated_as_county_level_are_named_like_centres(kind: UnitKind) -> None:
    unit = Unit("GZ-X", "长安镇邮政局大客户中心", Level.COUNTY, kind, "GZ")
    assert require_name(unit, POST, 1) is unit
    with pytest.raises(CentreMisnamed) as refused:
        require_name(dataclasses.replace(unit, name="长安镇支局"), POST, 3)
    assert refused.value.facts["policy_version"] == 3


def test_r02_branches_and_bureaus_have_names_of_their_own() -> None:
    assert require_name(SHIPAI, POST, 1) is SHIPAI
    assert require_name(EXPRESS, POST, 1) is EXPRESS


@pytest.mark.parametrize("pattern", ["大客户中心", "******", "***局***中心"])
def test_a_pattern_has_one_place_for_the_place(pattern: str) -> None:
    with pytest.raises(ValueError, match="once"):
        dataclasses.replace(POST, name_pattern=pattern)


def test_a_policy_names_kinds_that_exist() -> None:
    with pytest.raises(ValueError, match="planet"):
        dataclasses.replace(POST, named_kinds=("planet",))


def attached(unit: Unit = GUANGZHOU, director: StaffMember = DIRECTOR, **how: Any) -> Any:
    said = {"department": None, "director_post": None, "is_granted": False, **how}
    return set_up(unit, POST, director, on=date(2026, 1, 5), version=1, **said)


def test_r02_a_centre_is_attached_to_the_market_department_and_its_deputy_head() -> None:
    centre = attached()
    assert (centre.department, centre.director_post) == ("市场部", "市场部副总经理")
    assert centre.director_staff_code == "G001"
    assert attached(department="市场部", director_post="市场部副总经理") == centre


@pytest.mark.parametrize(
    ("how", "pointer"),
    [({"department": "办公室"}, "/department"), ({"director_post": "局长"}, "/director_post")],
)
def test_r02_another_department_or_post_is_refused(how: dict[str, Any], pointer: str) -> None:
    with pytest.raises(WrongDepartment) as refused:
        attached(**how)
    assert refused.value.pointer == pointer


def test_r02_the_director_is_on_duty_there_as_director() -> None:
    with pytest.raises(NotOfThisCentre):
        attached(director=dataclasses.replace(DIRECTOR, unit="SZ"))
    with pytest.raises(NotOnDuty):
        attached(director=dataclasses.replace(DIRECTOR, roles=frozenset({"account_manager"})))


def test_r04_a_branch_has_no_centre() -> None:
    with pytest.raises(NoCentre):
        attached(SHIPAI, dataclasses.replace(DIRECTOR, unit=SHIPAI.code))


def test_r06_a_professional_bureau_has_a_centre_only_when_granted() -> None:
    director = dataclasses.replace(DIRECTOR, unit=EXPRESS.code)
    with pytest.raises(CentreNotGranted):
        attached(EXPRESS, director)
    assert attached(EXPRESS, director, is_granted=True).unit == EXPRESS.code
