"""Events as the other services and systems send them to engagement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shared.contracts.enterprise import (
    ComplaintClosed,
    ComplaintKind,
    ComplaintRaised,
    TargetPerson,
    VisitReported,
)
from shared.contracts.envelope import CustomerReference, Entity, FactRef, MoneyAmount
from shared.contracts.registry import (
    CustomerChanged,
    ManagersAssigned,
    OwnershipChanged,
    Phase,
    StaffChanged,
    StaffState,
)
from shared.contracts.tiering import TierChanged
from tests.support.cast import BRANCH_STAFF, COUNTY_MANAGER, Customer, Person
from tests.support.clocks import SITE

NEW_YEAR = date(2025, 1, 1)
SCHEME = "city-post-2012"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant at the site."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SITE)


def classed(
    customer: Customer,
    specialty_class: str | None,
    visit_class: str | None = None,
    version: int = 2,
) -> CustomerChanged:
    """The customer with what sets it apart."""
    known = customer.changed()
    return known.model_copy(
        update={
            "entity": Entity(type="customer", id=str(customer.key), version=version),
            "specialty_class": specialty_class,
            "visit_class": visit_class,
        }
    )


def tiered(
    customer: Customer,
    tier: str | None,
    on: date = date(2024, 6, 1),
    version: int = 1,
    scheme: str = SCHEME,
    decided_on: date | None = None,
) -> TierChanged:
    """A tier that tiering decided."""
    return TierChanged(
        entity=Entity(type="tier", id=f"{customer.key}/{scheme}", version=version),
        customer_key=customer.key,
        as_of=decided_on or on,
        scheme=scheme,
        scheme_version=1,
        after=tier,
        effective_on=on,
    )


def owned(
    customer: Customer, unit: str = "GZ-TH", on: date = date(2024, 6, 1), version: int = 1
) -> OwnershipChanged:
    """Which unit owns a customer from a day on."""
    return OwnershipChanged(
        entity=Entity(type="ownership", id=str(customer.key), version=version),
        customer_key=customer.key,
        owner_unit=unit,
        rule="default",
        effective_on=on,
    )


def managed(
    customer: Customer,
    a: Person = COUNTY_MANAGER,
    b: Person = BRANCH_STAFF,
    on: date = date(2024, 6, 1),
    version: int = 1,
    phase: Phase = Phase.DEVELOPMENT,
) -> ManagersAssigned:
    """Who manages a customer."""
    return ManagersAssigned(
        entity=Entity(type="managers", id=str(customer.key), version=version),
        customer_key=customer.key,
        a_staff_code=a.code,
        b_staff_code=b.code,
        phase=phase,
        rule="assignment",
        effective_on=on,
    )


def moved(person: Person, unit: str, on: date, version: int = 2) -> StaffChanged:
    """Somebody works in another unit from a day on."""
    return StaffChanged(
        entity=Entity(type="staff", id=person.code, version=version),
        staff_code=person.code,
        unit=unit,
        roles=person.roles,
        state=StaffState.ACTIVE,
        on=on,
    )


def visited(
    ref: str,
    customer: Customer,
    day: date,
    *visitors: Person,
    kind: str = "dedicated",
    channel: str = "visit",
    expense: str | None = None,
    content: str = "面谈下季度用邮安排",
    hour: int = 9,
) -> VisitReported:
    """A visit as another system reports it, by the county's manager if nobody is named."""
    people = visitors or (COUNTY_MANAGER,)
    return VisitReported(
        ref=ref,
        customer=CustomerReference(system="erp", code=customer.code),
        visitors=tuple(person.code for person in people),
        kind=kind,
        channel=channel,
        target_person=TargetPerson(level="department-head", name="王主任"),
        started_at=at(day, hour),
        content=content,
        expense=MoneyAmount(amount=Decimal(expense), currency="CNY") if expense else None,
    )


def complained(
    ref: str,
    occurred_at: datetime,
    customer: Customer | None = None,
    *,
    kind: ComplaintKind = ComplaintKind.COMPLAINT,
    text: str = "邮件延误三天，客户王先生来电",
    disputed: str | None = None,
) -> ComplaintRaised:
    """A complaint as another system raises it."""
    return ComplaintRaised(
        ref=ref,
        customer=CustomerReference(system="erp", code=customer.code) if customer else None,
        channel="phone",
        kind=kind,
        text=text,
        occurred_at=occurred_at,
        disputed=(FactRef(system="erp", type="charge_raised", ref=disputed) if disputed else None),
    )


def closed(ref: str, closed_at: datetime, result: str = "已补投并致歉") -> ComplaintClosed:
    """A closing by the desk that raised the case."""
    return ComplaintClosed(ref=ref, closed_at=closed_at, result=result)
