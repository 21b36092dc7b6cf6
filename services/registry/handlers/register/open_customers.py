"""Key accounts that the site already has come into the opening register, marked as such."""

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
from services.registry.domain.register.customer_ids import CustomerIdLayout, compose, next_customer
from services.registry.domain.register.customers import Customer, CustomerKind
from services.registry.domain.register.divisions import require_in_force
from services.registry.domain.register.observations import require_new
from services.registry.domain.register.openings import OpenedBefore, Opening, named, opening_of
from services.registry.handlers.publishing import (
    customer_changed,
    follow,
    managers_assigned,
    ownership_changed,
    scope_changed,
    split_changed,
)
from services.registry.handlers.register.recognise_customer import families
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customer_ids, customers, observations, openings
from services.registry.storage.register.customers import Codes
from services.registry.storage.register.divisions import credit_code, divisions
from shared.clock import business_date
from shared.contracts.enterprise import CustomerOpened, ManagerRole
from shared.contracts.envelope import Published
from shared.errors import Refusal
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.policy import Timeline, timeline
from shared.work import Work


@dataclass(slots=True)
class _Register:
    """What a batch meets, loaded and held at once; every accepted opening adds to it."""

    zone: ZoneInfo
    units: Organisation
    moves: Mapping[str, Sequence[PublishedStaff]]
    layouts: Timeline[CustomerIdLayout]
    linked: set[tuple[str, str]]
    families: dict[str, list[tuple[UUID, str]]]
    last_numbers: dict[str, int]


async def handle(work: Work, facts: list[Fact[CustomerOpened]]) -> None:
    """Give existing key accounts everything at once: key, ID, owner, managers (R-31).

    Each waits for its owner unit and its managers. Refuses with NoLead, OpenedBefore,
    CustomerExists, NoCentre, UnknownDivision, RetiredDivision, NumbersUsedUp, NotOnDuty,
    NotTheOwnersStaff, SamePersonTwice.
    """
    ready = await _ready(work, facts)
    if not ready:
        return
    register = await _load(work, ready)
    accepted: list[tuple[Fact[CustomerOpened], Opening]] = []
    for fact in ready:
        try:
            accepted.append((fact, _open(register, fact)))
        except Refusal as refusal:
            work.refuse(fact, refusal)
    if accepted:
        await customer_ids.keep_divisions(work, register.last_numbers)
        await _publish(work, accepted, await _keep(work, accepted))


async def _ready(work: Work, facts: Sequence[Fact[CustomerOpened]]) -> list[Fact[CustomerOpened]]:
    """Those whose unit and managers are known; the others are kept for later."""
    units = {fact.data.owner_unit for fact in facts}
    people = {each.staff_code for fact in facts for each in fact.data.managers}
    await work.refer("unit", units)
    await work.refer("staff", people)
    known_units = await organisation.known(work, units)
    known_people = await staff.moves(work, people)
    ready = []
    for fact in facts:
        missing = sorted({m.staff_code for m in fact.data.managers} - known_people.keys())
        if fact.data.owner_unit not in known_units:
            work.wait(fact, "unit", fact.data.owner_unit)
        elif missing:
            work.wait(fact, "staff", missing[0])
        else:
            ready.append(fact)
    return ready


async def _load(work: Work, facts: Sequence[Fact[CustomerOpened]]) -> _Register:
    moves = await staff.moves(work, {m.staff_code for fact in facts for m in fact.data.managers})
    where = {state.member.unit for states in moves.values() for state in states}
    units = await organisation.lineage(work, where | {fact.data.owner_unit for fact in facts})
    codes = {code for fact in facts if (code := credit_code(fact.data.unified_credit_code))}
    await customers.lock_credit_codes(work, codes)
    living = await customers.living_with(work, codes)
    return _Register(
        zone=work.zone,
        units=units,
        moves=moves,
        layouts=await timeline(work, CustomerIdLayout),
        linked=await customers.holders(work, [(fact.system, fact.data.code) for fact in facts]),
        families={code: families(rows) for code, rows in living.items()},
        last_numbers=await customer_ids.hold_divisions(work, _divisions(work, facts)),
    )


def _divisions(work: Work, facts: Sequence[Fact[CustomerOpened]]) -> set[str]:
    """Where numbers can be given out; the others are refused one by one."""
    asked = {(f.data.division_code, business_date(f.time, work.zone)) for f in facts}
    return {code for code, on in asked if (known := divisions(code)) and known.name_on(on)}


def _open(register: _Register, fact: Fact[CustomerOpened]) -> Opening:
    said, issued_on = fact.data, business_date(fact.time, register.zone)
    by = named(_people(said, ManagerRole.A), _people(said, ManagerRole.B))
    people = [member_on(c, register.moves[c], issued_on, "/managers") for c in by.people]
    _require_not_linked(register, fact)
    code = credit_code(said.unified_credit_code)
    require_new(register.families.get(code or "", []), None)
    assign_opened(register.units, said.owner_unit, people)
    opened_on = said.opened_on or issued_on
    customer_id = _issue(register, said.division_code, issued_on)
    customer = domain.opened(_customer(fact, code, opened_on), opened_on, customer_id, issued_on)
    register.linked.add((fact.system, said.code))
    if code is not None:
        register.families.setdefault(code, []).append((customer.customer_key, said.owner_unit))
    return opening_of(customer, by, register.moves)


def _issue(register: _Register, division: str, on: date) -> str:
    """The next ID of `division`, which is checked against the table of the day (R-31, R-33)."""
    layout = register.layouts.on(on).body
    require_in_force(divisions, division, on, "/division_code")
    issued = next_customer(register.last_numbers[division], layout, division)
    register.last_numbers[division] = issued.number
    return compose(division, issued.number, 0, layout)


async def _keep(
    work: Work, accepted: Sequence[tuple[Fact[CustomerOpened], Opening]]
) -> dict[UUID, Codes]:
    """Keep all that was accepted; the codes by which each customer is known from now on (R-81)."""
    await openings.add(work, [opening for _, opening in accepted], [_flag(f) for f, _ in accepted])
    await observations.keep(work, [fact for fact, _ in accepted])
    own = {(fact.system, fact.data.code) for fact, _ in accepted}
    with_code = {code for _, each in accepted if (code := each.customer.unified_credit_code)}
    seen = await observations.unlinked_with(work, with_code)
    codes: dict[UUID, Codes] = {}
    for fact, opening in accepted:
        adopted = {*seen.get(opening.customer.unified_credit_code or "", [])} - own
        codes[opening.customer.customer_key] = sorted({(fact.system, fact.data.code), *adopted})
    await openings.link(work, codes)
    return codes


async def _publish(
    work: Work,
    accepted: Sequence[tuple[Fact[CustomerOpened], Opening]],
    codes: Mapping[UUID, Codes],
) -> None:
    told: list[Published] = []
    for fact, opening in accepted:
        work.follow(fact)
        for published in _facts(opening, codes[opening.customer.customer_key], work.currency):
            work.publish(published)
            told.append(published)
    await follow(work, told)


def _facts(opening: Opening, codes: Codes, currency: str) -> list[Published]:
    key = opening.customer.customer_key
    facts: list[Published] = [
        customer_changed(opening.customer, codes),
        ownership_changed(key, opening.ownership),
        split_changed(key, opening.split, currency),
        scope_changed(key, opening.grants, 1),
    ]
    if opening.managers is not None:
        facts.append(managers_assigned(key, opening.managers, 1))
    return facts


def _people(said: CustomerOpened, role: ManagerRole) -> list[str]:
    return [each.staff_code for each in said.managers if each.role is role]


def _require_not_linked(register: _Register, fact: Fact[CustomerOpened]) -> None:
    if (fact.system, fact.data.code) in register.linked:
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


def _flag(fact: Fact[CustomerOpened]) -> str | None:
    """What could not be kept as it came, for people: nothing is silently corrected."""
    said = fact.data.unified_credit_code
    if said is None or credit_code(said) is not None:
        return None
    return f"统一社会信用代码无效 / invalid credit code: {said}"
