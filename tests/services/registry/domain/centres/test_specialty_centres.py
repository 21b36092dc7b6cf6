"""R-06: when a professional bureau may have a centre, both sides of every bound."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.centres.organisation import Level, Unit, UnitKind
from services.registry.domain.centres.specialty_centres import (
    CentreDecision,
    Figures,
    Ground,
    NotAboveTheBureau,
    NotASpecialtyBureau,
    RevenueUnreadable,
    SpecialtyCentres,
    SpecialtyCities,
    decide,
    lacking,
    require_above,
    require_bureau,
)
from shared.errors import Invalid
from tests.services.registry.domain.organisations import EXPRESS, GUANGZHOU, ORGANISATION

POLICY = SpecialtyCentres(
    revenue_above=Decimal("30000000.00"),
    share_above=Decimal("0.10"),
    needs_direct_operations=True,
    account_managers=1,
    specialties=(SpecialtyCities("express-logistics", ("440100", "440500")),),
)
FIGURES = Figures(2025, Decimal("30000000.01"), Decimal("300000000.00"), operates_directly=True)
BUREAU = Unit("GZ-EMS", "广州速递", Level.CITY, UnitKind.SPECIALTY, "GZ")
ON = date(2026, 3, 2)


def decided(
    unit: Unit = BUREAU,
    division: str | None = "440100",
    policy: SpecialtyCentres = POLICY,
    specialty: str = "express-logistics",
    **figures: Any,
) -> CentreDecision:
    found = dataclasses.replace(FIGURES, **figures)
    return decide(unit, specialty, division, found, policy, decision_id=UUID(int=1), on=ON)


def unmet(decision: CentreDecision) -> set[Ground]:
    return {finding.ground for finding in decision.findings if not finding.is_met}


def test_r06_a_bureau_above_both_limits_that_operates_directly_may_have_a_centre() -> None:
    assert decided().is_granted


@pytest.mark.parametrize(
    ("revenue", "total", "missing"),
    [
        ("30000000.00", "100000000.00", {Ground.REVENUE}),
        ("30000000.01", "100000000.00", set()),
        ("40000000.00", "400000000.00", {Ground.SHARE}),
        ("40000000.00", "399999999.99", set()),
        ("40000000.01", "400000000.00", set()),
        ("30000000.00", "300000000.00", {Ground.REVENUE, Ground.SHARE}),
    ],
)
def test_r06_both_limits_have_to_be_passed_not_reached(
    revenue: str, total: str, missing: set[Ground]
) -> None:
    decision = decided(specialty_revenue=Decimal(revenue), total_revenue=Decimal(total))
    assert unmet(decision) == missing
    assert decision.is_granted is (not missing)


def test_r06_direct_operations_are_needed_where_the_policy_says_so() -> None:
    assert unmet(decided(operates_directly=False)) == {Ground.OPERATIONS}
    lenient = dataclasses.replace(POLICY, needs_direct_operations=False)
    assert decided(policy=lenient, operates_directly=False).is_granted


def test_r06_only_listed_cities_of_the_trade_may_and_the_province_is_in_no_city() -> None:
    assert decided(division="440500").is_granted
    assert unmet(decided(division="440300")) == {Ground.CITY}
    assert unmet(decided(specialty="mail-philately")) == {Ground.CITY}
    assert unmet(decided(division=None)) == {Ground.CITY}
    assert decided(EXPRESS, division=None).is_granted


def test_r06_the_year_before_decides() -> None:
    for year in (2024, 2026):
        with pytest.raises(Invalid, match="2025"):
            decided(year=year)


@pytest.mark.parametrize(
    ("revenue", "total"), [("0", "0"), ("-1", "10"), ("11", "10"), ("0", "-5")]
)
def test_r06_a_part_is_not_more_than_its_whole(revenue: str, total: str) -> None:
    with pytest.raises(RevenueUnreadable):
        decided(specialty_revenue=Decimal(revenue), total_revenue=Decimal(total))


def test_r06_a_bureau_with_nothing_and_one_that_is_the_whole_are_readable() -> None:
    assert unmet(decided(specialty_revenue=Decimal(0))) == {Ground.REVENUE, Ground.SHARE}
    whole = Decimal("50000000.00")
    assert decided(specialty_revenue=whole, total_revenue=whole).is_granted


def test_r06_a_decision_shows_limit_and_finding() -> None:
    share = next(each for each in decided().findings if each.ground is Ground.SHARE)
    assert (share.limit, share.found, share.is_met) == ("0.10", "0.100000", True)


def test_r06_only_a_bureau_with_a_trade_is_decided_about_and_by_a_unit_above() -> None:
    assert require_bureau(EXPRESS, "express-logistics") == "express-logistics"
    for unit, specialty in ((EXPRESS, None), (GUANGZHOU, "express-logistics")):
        with pytest.raises(NotASpecialtyBureau):
            require_bureau(unit, specialty)
    require_above(ORGANISATION, "GD", "GD-EMS")
    for decider in ("GD-EMS", "GZ"):
        with pytest.raises(NotAboveTheBureau):
            require_above(ORGANISATION, decider, "GD-EMS")


@pytest.mark.parametrize(
    ("has_centre", "is_granted", "managers", "lacks"),
    [
        (True, True, 0, []),
        (True, False, 5, ["centre-decision"]),
        (False, True, 0, ["account-manager"]),
        (False, False, 0, ["account-manager"]),
        (False, False, 1, []),
        (False, False, 2, []),
    ],
)
def test_r06_without_a_centre_a_bureau_needs_a_dedicated_account_manager(
    has_centre: bool, is_granted: bool, managers: int, lacks: list[str]
) -> None:
    assert lacking(has_centre, is_granted, managers, POLICY.account_managers) == lacks
