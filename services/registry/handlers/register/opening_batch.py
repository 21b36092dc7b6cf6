"""What a batch of openings meets, loaded and held at once, and what each of them becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.centres.staff import PublishedStaff, member_on
from services.registry.domain.people.manager_pairs import assign_opened
from services.registry.domain.register import customers as domain
from services.registry.domain.register.customer_ids import (
    CustomerIdLayout,
    compose,
    next_branch,
    next_customer,
    parse,
)
from services.registry.domain.register.customers import Customer, CustomerKind
from services.registry.domain.register.divisions import (
    Divisions,
    require_in_force,
)
from services.registry.domain.register.observations import require_new
from services.registry.domain.register.openings import (
    OpenedBefore,
    Opening,
    named,
    opening_of,
    require_head_office,
)
from services.registry.domain.register.quality import (
    Flag,
    FlagFinding,
    FlaggedField,
    Said,
    flags_of,
)
from services.registry.handlers.register.recognise_customer import families
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customer_ids, customers
from services.registry.storage.register.divisions import credit_code, known_divisions
from services.registry.storage.register.readings import capital_amount, is_phone
from shared.clock import business_date
from shared.contracts.enterprise import CustomerOpened, ManagerRole
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.policy import Timeline, timeline
from shared.work import Work

Heads = Mapping[tuple[str, str], Customer]
"""Head offices by the system and code that a branch names."""


@dataclass(slots=True)
class Batch:
    """Everything that the openings of a batch depend on; every accepted one adds to it."""

    zone: ZoneInfo
    units: Organisation
    moves: Mapping[str, Sequence[PublishedStaff]]
    layouts: Timeline[CustomerIdLayout]
    divisions: Divisions
    heads: Heads
    linked: set[tuple[str, str]]
    families: dict[str, list[tuple[UUID, str]]]
    last_numbers: dict[str, int]
    last_branches: dict[str, int]

    def open(self, fact: Fact[CustomerOpened]) -> tuple[Opening, list[Flag]]:
        """What the opening becomes, and what of it could not be taken as it came.

        Raises NoLead, OpenedBefore, CustomerExists, NoCentre, UnknownDivision, NumbersUsedUp,
        NotOnDuty, NotTheOwnersStaff, SamePersonTwice, BranchOfABranch, WrongState.
        """
        said, today = fact.data, business_date(fact.time, self.zone)
        by = named(_people(said, ManagerRole.A), _people(said, ManagerRole.B))
        people = [member_on(c, self.moves[c], today, "/managers") for c in by.people]
        self._require_not_linked(fact)
        head = self._head_of(fact)
        code = credit_code(said.unified_credit_code)
        require_new(self.families.get(code or "", []), head.customer_key if head else None)
        assign_opened(self.units, said.owner_unit, people)
        customer_id, obstacles = self._issue(fact, head, today)
        opened_on = said.opened_on or today
        customer = domain.opened(
            _customer(fact, code, head, opened_on), opened_on, customer_id, today
        )
        self.linked.add((fact.system, said.code))
        if code is not None:
            family = head.customer_key if head else customer.customer_key
            self.families.setdefault(code, []).append((family, said.owner_unit))
        return opening_of(customer, by, self.moves), [*_flags(fact, code), *obstacles]

    def _issue(
        self, fact: Fact[CustomerOpened], head: Customer | None, on: date
    ) -> tuple[str | None, list[Flag]]:
        """The next ID of the division or head office; none yet where a flag says why (R-33)."""
        layout, said = self.layouts.on(on).body, fact.data
        division = self.divisions(said.division_code)
        if division is None:
            require_in_force(self.divisions, said.division_code, on, "/division_code")
        assert division is not None, "an unknown one was just refused"
        obstacles = []
        if division.name_on(on) is None:
            finding = FlagFinding.DIVISION_RETIRED
            obstacles.append(
                Flag(FlaggedField.DIVISION, finding, said.division_code, said.division_code)
            )
        if head is not None:
            return self._issue_below(head, said.head_office_code or "", layout, obstacles)
        if obstacles:
            return None, obstacles
        issued = next_customer(self.last_numbers[division.code], layout, division.code)
        self.last_numbers[division.code] = issued.number
        return compose(division.code, issued.number, 0, layout), []

    def _issue_below(
        self, head: Customer, code: str, layout: CustomerIdLayout, obstacles: list[Flag]
    ) -> tuple[str | None, list[Flag]]:
        """The next branch ID; a branch has its head office's division in its ID (R-32)."""
        if head.customer_id is None:
            finding = FlagFinding.HEAD_OFFICE_WITHOUT_ID
            return None, [*obstacles, Flag(FlaggedField.HEAD_OFFICE, finding, code, code)]
        above = parse(head.customer_id, layout)
        issued = next_branch(self.last_branches[above.text], layout, above.text)
        self.last_branches[above.text] = issued.number
        return compose(above.division, above.customer, issued.number, layout), obstacles

    def _head_of(self, fact: Fact[CustomerOpened]) -> Customer | None:
        code = fact.data.head_office_code
        return None if code is None else require_head_office(self.heads[(fact.system, code)])

    def _require_not_linked(self, fact: Fact[CustomerOpened]) -> None:
        if (fact.system, fact.data.code) in self.linked:
            raise OpenedBefore(
                f"{fact.system} 的客户 {fact.data.code} 已在册",
                f"the customer {fact.data.code} of {fact.system} is in the register already",
                pointer="/code",
            )


async def load(
    work: Work, facts: Sequence[Fact[CustomerOpened]], heads: Heads, *, holds: bool = True
) -> Batch:
    """Load what `facts` depend on: one statement a kind of thing, whatever the size.

    It is held until the end of the work, unless nothing is kept of what the batch becomes: a mere
    look lets nobody wait.
    """
    moves = await staff.moves(work, {m.staff_code for fact in facts for m in fact.data.managers})
    where = {state.member.unit for states in moves.values() for state in states}
    units = await organisation.lineage(work, where | {fact.data.owner_unit for fact in facts})
    codes = {code for fact in facts if (code := credit_code(fact.data.unified_credit_code))}
    if holds:
        await customers.lock_credit_codes(work, codes)
    living = await customers.living_with(work, codes)
    divisions = await known_divisions(work, {fact.data.division_code for fact in facts})
    above = [head.customer_id for head in heads.values() if head.customer_id]
    numbered = _divisions(work, facts, divisions)
    numbers_of = customer_ids.hold_divisions if holds else customer_ids.seen_divisions
    branches_of = customer_ids.hold_head_offices if holds else customer_ids.seen_head_offices
    return Batch(
        zone=work.zone,
        units=units,
        moves=moves,
        layouts=await timeline(work, CustomerIdLayout),
        divisions=divisions,
        heads=heads,
        linked={
            *await customers.holders(work, [(fact.system, fact.data.code) for fact in facts]),
        },
        families={code: families(rows) for code, rows in living.items()},
        last_numbers=await numbers_of(work, numbered),
        last_branches=await branches_of(work, above),
    )


async def keep_numbers(work: Work, batch: Batch) -> None:
    """Keep the highest numbers that the batch gave out."""
    await customer_ids.keep_divisions(work, batch.last_numbers)
    await customer_ids.keep_head_offices(work, batch.last_branches)


def _divisions(work: Work, facts: Sequence[Fact[CustomerOpened]], divisions: Divisions) -> set[str]:
    """Where numbers can be given out; the others get none, or are refused one by one."""
    asked = {
        (fact.data.division_code, business_date(fact.time, work.zone))
        for fact in facts
        if fact.data.head_office_code is None
    }
    return {code for code, on in asked if (known := divisions(code)) and known.name_on(on)}


def _people(said: CustomerOpened, role: ManagerRole) -> list[str]:
    return [each.staff_code for each in said.managers if each.role is role]


def _customer(
    fact: Fact[CustomerOpened], code: str | None, head: Customer | None, opened_on: date
) -> Customer:
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
        head_office_key=head.customer_key if head else None,
        specialty_class=said.specialty_class,
        registered_capital=said.registered_capital,
        capital_amount=capital_amount(said.registered_capital),
    )


def _flags(fact: Fact[CustomerOpened], code: str | None) -> list[Flag]:
    """What could not be kept as it came: nothing is silently corrected (X-11)."""
    said = fact.data
    return flags_of(
        Said(
            credit_code=said.unified_credit_code,
            read_credit_code=code,
            capital=said.registered_capital,
            capital_is_readable=capital_amount(said.registered_capital) is not None,
            phone=said.phone,
            phone_is_readable=is_phone(said.phone),
        )
    )
