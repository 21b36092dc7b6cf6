"""A key account that the site already has comes into the opening register, marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.registry.domain import customers as domain
from services.registry.domain.customers import Customer, CustomerKind
from services.registry.domain.manager_pairs import assign_opened
from services.registry.domain.managers import History
from services.registry.domain.ownership import OwnershipRule, first_owner
from services.registry.handlers import (
    change_owner,
    issue_id,
    recognise_customer,
    settle_managers,
)
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage import (
    customer_ids,
    customers,
    managers,
    observations,
    organisation,
    staff,
)
from services.registry.storage.divisions import credit_code
from shared.clock import business_date
from shared.contracts.enterprise import CustomerOpened, ManagerRole
from shared.errors import Conflict, Invalid
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


class NoLead(Invalid):
    """One A manager at most, one B manager at most, and no B without an A."""

    code = "managers-do-not-fit"
    rule = "R-48"
    title_zh = "A、B角不符"
    title_en = "Managers do not fit"


class OpenedBefore(Conflict):
    """The code is cross-referenced: the customer was declared or opened before."""

    code = "opened-before"
    rule = "R-81"
    title_zh = "客户已在册"
    title_en = "Opened before"


@dataclass(frozen=True, slots=True)
class NamedManagers:
    """The managers whom the site had named."""

    a: str | None
    b: str | None

    @property
    def people(self) -> list[str]:
        """A, then B, as far as named."""
        return [code for code in (self.a, self.b) if code is not None]


def opening_of(said: CustomerOpened) -> NamedManagers:
    """Who A and B are; raises NoLead (R-48)."""
    a = [each.staff_code for each in said.managers if each.role is ManagerRole.A]
    b = [each.staff_code for each in said.managers if each.role is ManagerRole.B]
    if len(a) > 1 or len(b) > 1 or (b and not a):
        raise NoLead(
            "A角和B角各至多一人，且不能只有B角",
            "name one A and one B manager at most, and no B without an A",
            pointer="/managers",
        )
    return NamedManagers(a[0] if a else None, b[0] if b else None)


async def handle(work: Work, fact: Fact[CustomerOpened]) -> None:
    """Give an existing key account everything at once: key, ID, owner, managers (R-31).

    Waits for its owner unit and its managers. Raises OpenedBefore, CustomerExists, NoCentre,
    UnknownDivision, RetiredDivision, NumbersUsedUp, NotOnDuty, SamePersonTwice.
    """
    if await _has_to_wait(work, fact):
        return
    await customer_ids.hold_openings(work)
    said, issued_on = fact.data, business_date(fact.time, work.zone)
    opened_on = said.opened_on or issued_on
    named = opening_of(said)
    people = [await staff.on_day(work, code, issued_on, "/managers") for code in named.people]
    units = await organisation.lineage(work, [said.owner_unit, *(each.unit for each in people)])
    await _require_not_linked(work, fact)
    code = credit_code(said.unified_credit_code)
    await recognise_customer.require_new(work, code, None)

    assign_opened(units, said.owner_unit, people)
    customer = _customer(fact, code, opened_on)
    issued = await issue_id.handle(work, customer, issued_on)
    opened = domain.opened(customer, opened_on, issued.customer_id, issued_on)

    await _keep(work, fact, opened)
    owner = first_owner(said.owner_unit, OwnershipRule.OPENING, opened_on)
    await change_owner.handle(work, opened, owner, opened_on, None)
    if named.a is not None:
        assignment = History().next_assignment(named.a, named.b, opened_on)
        await managers.add_assignment(work, opened.customer_key, assignment, None)
        await settle_managers.handle(work, opened.customer_key)


async def _keep(work: Work, fact: Fact[CustomerOpened], opened: Customer) -> None:
    flag = _flag(fact.data, opened.unified_credit_code)
    await customers.add(work, opened)
    await customers.note(work, opened, "opened", opened.declared_on, None, flag)
    await observations.keep(work, fact.system, fact.data, fact.time)
    await customers.link(work, opened.customer_key, fact.system, fact.data.code)
    await recognise_customer.adopt_observations(work, opened)
    await tell(work, customer_changed(opened, await customers.codes(work, opened.customer_key)))


async def _has_to_wait(work: Work, fact: Fact[CustomerOpened]) -> bool:
    """Whether the unit or a manager is not known yet; then the fact is kept for later."""
    people = sorted({manager.staff_code for manager in fact.data.managers})
    await work.refer("unit", [fact.data.owner_unit])
    await work.refer("staff", people)
    if not await organisation.is_known(work, fact.data.owner_unit):
        work.wait(fact, "unit", fact.data.owner_unit)
        return True
    known = await staff.moves(work, people)
    missing = [code for code in people if code not in known]
    if missing:
        work.wait(fact, "staff", missing[0])
    return bool(missing)


async def _require_not_linked(work: Work, fact: Fact[CustomerOpened]) -> None:
    if await customers.holder(work, fact.system, fact.data.code) is not None:
        raise OpenedBefore(
            f"{fact.system} 的客户 {fact.data.code} 已在册",
            f"the customer {fact.data.code} of {fact.system} is in the register already",
            pointer="/code",
        )


def _customer(fact: Fact[CustomerOpened], code: str | None, opened_on: date) -> Customer:
    said = fact.data
    return Customer(
        customer_key=derived_id("customer", fact.system, said.code),
        name=said.name,
        kind=CustomerKind(said.kind or CustomerKind.COMMERCIAL),
        division_code=said.division_code,
        declaring_unit=said.owner_unit,
        declared_on=opened_on,
        industry=said.industry,
        unified_credit_code=code,
        specialty_class=said.specialty_class,
    )


def _flag(said: CustomerOpened, code: str | None) -> str | None:
    """What could not be kept as it came, for people: nothing is silently corrected."""
    if said.unified_credit_code is None or code is not None:
        return None
    return f"统一社会信用代码无效 / invalid credit code: {said.unified_credit_code}"
