"""Dated grants: who may see what of a customer, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registry.domain.belonging.ownership import Ownership, OwnershipRule
from services.registry.domain.belonging.scope import Aspect, Grant, Others, Presence, grants_of
from services.registry.domain.cases.disputes import Dispute, DisputeCause
from services.registry.domain.register.customers import Customer, CustomerKind

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
CUSTOMER = Customer(
    customer_key=UUID(int=1),
    name="南方机械",
    kind=CustomerKind.COMMERCIAL,
    division_code="440100",
    declaring_unit="GZ-TH",
    declared_on=JANUARY,
)
OWNED = Ownership("GZ-TH", OwnershipRule.DECLARATION, MARCH, 1)
MOVED = Ownership("SZ", OwnershipRule.SIGNING_PLACE, JUNE, 2)


def aspects(grants: tuple[Grant, ...], unit: str, on: date) -> set[str]:
    return {
        grant.aspect.value
        for grant in grants
        if grant.unit == unit
        and grant.from_on <= on
        and (grant.until_on is None or on <= grant.until_on)
    }


def test_before_approval_the_declaring_unit_and_the_reporting_branch_see_the_base() -> None:
    reported = replace(CUSTOMER, reporting_branch="GZ-TH-SP", joint_units=("GZ",))
    grants = grants_of(reported, [], [], [], [])
    assert {(grant.unit, grant.aspect) for grant in grants} == {
        ("GZ-TH", Aspect.BASE),
        ("GZ-TH-SP", Aspect.BASE),
    }


def test_the_owner_sees_everything_until_the_day_before_another_takes_over() -> None:
    grants = grants_of(CUSTOMER, [OWNED, MOVED], [], [], [])
    assert Grant("GZ-TH", Aspect.MONEY, MARCH, date(2026, 5, 31)) in grants
    assert Grant("SZ", Aspect.MONEY, JUNE, None) in grants
    assert aspects(grants, "GZ-TH", JUNE) == {"base"}


def test_a_ruling_with_an_earlier_effect_takes_the_old_grant_back() -> None:
    ruled = Ownership("SZ", OwnershipRule.RULING, MARCH, 2, supersedes=1)
    grants = grants_of(CUSTOMER, [OWNED, ruled], [], [], [])
    assert aspects(grants, "GZ-TH", MARCH) == {"base"}
    assert aspects(grants, "SZ", MARCH) == {"base", "archive", "money"}


def test_joint_developers_and_the_managers_units_see_everything() -> None:
    joint = replace(CUSTOMER, approved_on=MARCH, joint_units=("GZ",))
    grants = grants_of(joint, [OWNED], [Presence("SZ-NS", MARCH, JUNE)], [], [])
    assert aspects(grants, "GZ", MARCH) == {"base", "archive", "money"}
    assert aspects(grants, "SZ-NS", JUNE) == {"base", "archive", "money"}
    assert aspects(grants, "SZ-NS", date(2026, 6, 2)) == set()


def test_owners_of_branches_see_the_base_of_the_head_office() -> None:
    grants = grants_of(CUSTOMER, [OWNED], [], [Presence("SZ", MARCH)], [])
    assert aspects(grants, "SZ", JUNE) == {"base"}


def test_parties_of_a_dispute_see_the_case_and_nobodys_archive() -> None:
    dispute = Dispute(
        UUID(int=9),
        CUSTOMER.customer_key,
        ("GZ-PY", "GZ-TH"),
        "GZ",
        DisputeCause.CLAIM,
        MARCH,
        JUNE,
    )
    grants = grants_of(CUSTOMER, [OWNED], [], [], [dispute])
    assert aspects(grants, "GZ-PY", MARCH) == {"dispute"}
    assert aspects(grants, "GZ", MARCH) == {"dispute"}
    assert aspects(grants, "GZ-TH", MARCH) == {"base", "archive", "money", "dispute"}


def test_overlapping_and_adjoining_grants_of_one_unit_become_one() -> None:
    adjoining = [Presence("SZ", JANUARY, date(2026, 2, 28)), Presence("SZ", MARCH, JUNE)]
    apart = [Presence("SZ", JANUARY, date(2026, 2, 27)), Presence("SZ", MARCH)]
    joined = grants_of(CUSTOMER, [], [], adjoining, [])
    assert Grant("SZ", Aspect.BASE, JANUARY, JUNE) in joined
    kept = grants_of(CUSTOMER, [], [], apart, [])
    assert Grant("SZ", Aspect.BASE, JANUARY, date(2026, 2, 27)) in kept
    assert Grant("SZ", Aspect.BASE, MARCH, None) in kept


def test_r38_r39_r40_who_operates_sees_base_and_money_and_who_serves_the_base() -> None:
    others = Others(
        operating=(Presence("SZ", MARCH, JUNE),), concerned=(Presence("SZ-NS", MARCH, JUNE),)
    )
    grants = grants_of(CUSTOMER, [OWNED], [], [], [], others)
    assert aspects(grants, "SZ", JUNE) == {"base", "money"}
    assert aspects(grants, "SZ-NS", JUNE) == {"base"}
    assert aspects(grants, "SZ", date(2026, 6, 2)) == set()


def test_a_grant_until_the_last_day_of_all_joins_and_is_joined() -> None:
    ages = [Presence("SZ", JANUARY, date.max), Presence("SZ", MARCH, date.max)]
    grants = grants_of(CUSTOMER, [], [], ages, [])
    assert Grant("SZ", Aspect.BASE, JANUARY, date.max) in grants


def test_r42_who_rules_in_the_place_of_another_sees_the_case_for_those_days() -> None:
    others = Others(judging=(Presence("SZ", MARCH, JUNE),))
    grants = grants_of(CUSTOMER, [OWNED], [], [], [], others)
    assert aspects(grants, "SZ", MARCH) == {"dispute"}
    assert aspects(grants, "SZ", date(2026, 6, 2)) == set()
