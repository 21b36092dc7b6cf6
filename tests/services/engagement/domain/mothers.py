"""One cast for the tests of engagement's domain: a gold customer, its plan, its managers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from services.engagement.domain.accounts.accounts import (
    Account,
    ClassSince,
    CustomerFacts,
    ManagersSince,
    OwnerSince,
    TierSince,
)
from services.engagement.domain.obligations.cadence import (
    CadencePlan,
    CadenceRow,
    Contact,
    DutyRole,
    Holder,
    PlanSince,
    UnitType,
    Visitor,
)
from services.engagement.domain.obligations.duties import Horizon
from services.engagement.domain.obligations.periods import Period, Unit
from shared.identifiers import derived_id

CUSTOMER = UUID("0193b0a0-0000-7000-8000-000000000001")
NEW_YEAR = date(2025, 1, 1)
SCHEME = "city-post-2012"

CENTRE_MANAGER = Visitor("S-CENTRE", "GZ", "city", "territorial", ("account_manager",))
BRANCH_MANAGER = Visitor("S-BRANCH", "GZ-TH-1", "branch", "branch", ("account_manager",))
OFFICER = Visitor("S-OFFICE", "GZ", "city", "territorial", ("back_office",))

CENTRE = DutyRole(
    "marketing-centre-manager", ("account_manager",), units=(UnitType("city", "territorial"),)
)
MANAGER = DutyRole(
    "account-manager",
    ("account_manager",),
    except_units=(UnitType("city", "territorial"),),
    holder=Holder.LEAD,
)
MONTH = Period(Unit.MONTH)
CENTRE_ROW = CadenceRow(
    "centre-comprehensive-gold-monthly",
    CENTRE.name,
    "visit",
    MONTH,
    minimum=1,
    tiers=("gold",),
    specialty_classes=("comprehensive",),
)
GOLD_ROW = CadenceRow(
    "manager-gold-monthly", MANAGER.name, "visit", MONTH, minimum=2, tiers=("gold",)
)
VIP_ROW = CadenceRow("manager-vip-monthly", MANAGER.name, "visit", MONTH, 1, 2, tiers=("vip",))
PHONE_ROW = CadenceRow(
    "specialist-a-1-phone",
    MANAGER.name,
    "phone",
    Period(Unit.DAYS, 14),
    minimum=1,
    visit_classes=("a-1",),
)


def plan(*rows: CadenceRow) -> CadencePlan:
    """A plan of the city post's scheme with these rows (all of the cast's if none is named)."""
    return CadencePlan(
        scheme=SCHEME,
        dedicated_kinds=("dedicated",),
        minimum_gap_days=3,
        opens_days_before=0,
        duty_roles=(CENTRE, MANAGER),
        rows=rows or (CENTRE_ROW, GOLD_ROW, VIP_ROW, PHONE_ROW),
    )


def plans(*rows: CadenceRow) -> tuple[PlanSince, ...]:
    """One version of such a plan, in force since long ago."""
    return (PlanSince(1, date(2012, 1, 1), plan(*rows)),)


def until(reached_on: date, begun_on: date = NEW_YEAR) -> Horizon:
    """Duties kept from the new year, played up to `reached_on`."""
    return Horizon(begun_on, reached_on)


def tier(
    name: str | None, from_on: date, version: int = 1, decided_on: date | None = None
) -> TierSince:
    """A tier of the city post's scheme, decided on the day it takes effect unless said."""
    return TierSince(version, SCHEME, name, from_on, decided_on or from_on)


def visit(
    day: date,
    *visitors: Visitor,
    kind: str = "dedicated",
    channel: str = "visit",
    level: str = "working-contact",
    hour: int = 9,
) -> Contact:
    """A contact on `day` by `visitors` (the branch's manager if none is named)."""
    people = visitors or (BRANCH_MANAGER,)
    names = "+".join(person.staff_code for person in people)
    return Contact(
        visit_id=derived_id("visit", day, names, kind, channel, level, hour),
        started_at=datetime.combine(day, time(hour), UTC),
        on=day,
        kind=kind,
        channel=channel,
        target_level=level,
        visitors=people,
    )


def comprehensive_gold(*contacts: Contact) -> CustomerFacts:
    """A comprehensive-gold customer since long before the new year."""
    since = date(2024, 6, 1)
    return CustomerFacts(
        customer_key=CUSTOMER,
        account=Account(approved_on=since),
        classes=(ClassSince(1, since, "comprehensive", None),),
        tiers=(tier("gold", since),),
        owners=(OwnerSince(1, since, "GZ-TH"),),
        managers=(ManagersSince(1, since, "S-CENTRE", "S-BRANCH", "S-BRANCH"),),
        contacts=contacts,
    )


def retail_a1(*contacts: Contact) -> CustomerFacts:
    """A retail account of visit class A-1, with no tier of the scheme."""
    facts = comprehensive_gold(*contacts)
    return replace(facts, tiers=(), classes=(ClassSince(1, date(2024, 6, 1), None, "a-1"),))
