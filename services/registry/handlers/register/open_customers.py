"""Key accounts that the site already has come into the opening register, marked as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.registry.domain.register.openings import Opening
from services.registry.domain.register.quality import Flag
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.publishing import (
    customer_changed,
    follow,
    managers_assigned,
    ownership_changed,
    scope_changed,
    split_changed,
)
from services.registry.handlers.register import opening_batch
from services.registry.handlers.register.opening_batch import Heads
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customers, moves, observations, openings, quality
from services.registry.storage.register.customers import Codes
from shared.clock import business_date
from shared.contracts.enterprise import CustomerOpened
from shared.contracts.envelope import CustomerReference, Published
from shared.directory import customers as directory
from shared.errors import Refusal
from shared.messaging.cloudevents import Fact
from shared.work import Work

Opened = tuple[Fact[CustomerOpened], Opening, list[Flag]]


async def handle(work: Work, facts: list[Fact[CustomerOpened]]) -> None:
    """Give existing key accounts everything at once: key, ID, owner, managers (R-31).

    Each waits for its owner unit, its managers and, a branch, for its head office (R-32). What
    cannot be taken as it came is kept and flagged; a retired division gets no ID until somebody
    says where the customer is. `opening_batch.Batch.open` says what is refused.
    """
    able = await ready(work, facts)
    heads = [fact for fact in able if fact.data.head_office_code is None]
    await _open(work, heads, {})
    branches = [fact for fact in able if fact.data.head_office_code is not None]
    found = await head_offices(work, branches)
    below = [fact for fact in branches if head_of(fact) in found]
    await _open(work, below, found)
    for customer_key in sorted({found[head_of(fact)].customer_key for fact in below}):
        await refresh_scope.handle(work, customer_key)


async def _open(work: Work, facts: Sequence[Fact[CustomerOpened]], heads: Heads) -> None:
    if not facts:
        return
    batch = await opening_batch.load(work, facts, heads)
    accepted: list[Opened] = []
    for fact in facts:
        try:
            accepted.append((fact, *batch.open(fact)))
        except Refusal as refusal:
            work.refuse(fact, refusal)
    if accepted:
        await opening_batch.keep_numbers(work, batch)
        codes = await _keep(work, accepted)
        await _record(work, batch, accepted)
        await _publish(work, accepted, codes)


async def ready(work: Work, facts: Sequence[Fact[CustomerOpened]]) -> list[Fact[CustomerOpened]]:
    """Those whose unit and managers are known; the others are kept for later."""
    units = {fact.data.owner_unit for fact in facts}
    people = {each.staff_code for fact in facts for each in fact.data.managers}
    await work.refer("unit", units)
    await work.refer("staff", people)
    known_units = await organisation.known(work, units)
    known_people = await staff.moves(work, people)
    able = []
    for fact in facts:
        missing = sorted({m.staff_code for m in fact.data.managers} - known_people.keys())
        if fact.data.owner_unit not in known_units:
            work.wait(fact, "unit", fact.data.owner_unit)
        elif missing:
            work.wait(fact, "staff", missing[0])
        else:
            able.append(fact)
    return able


async def head_offices(work: Work, facts: Sequence[Fact[CustomerOpened]]) -> Heads:
    """The head offices that the branches name, held; who names an unknown one waits for it."""
    if not facts:
        return {}
    named = {head_of(fact): _reference(fact) for fact in facts}
    keys = dict(zip(named, await directory.resolve(work, list(named.values())), strict=True))
    held = await customers.load_all(work, [key for key in keys.values() if key is not None])
    for fact in facts:
        if keys[head_of(fact)] is None:
            work.wait(fact, "customer", directory.reference_key(_reference(fact)))
    return {name: held[key] for name, key in keys.items() if key is not None}


def head_of(fact: Fact[CustomerOpened]) -> tuple[str, str]:
    """The system and code by which a branch names its head office."""
    return fact.system, fact.data.head_office_code or ""


def _reference(fact: Fact[CustomerOpened]) -> CustomerReference:
    return CustomerReference(system=fact.system, code=fact.data.head_office_code)


async def _keep(work: Work, accepted: Sequence[Opened]) -> dict[UUID, Codes]:
    """Keep all that was accepted; the codes by which each customer is known from now on (R-81).

    A branch may share its credit code with its head office, so it adopts no code that was seen.
    """
    await openings.add(work, [opening for _, opening, _ in accepted])
    await observations.keep(work, [fact for fact, _, _ in accepted])
    own = {(fact.system, fact.data.code) for fact, _, _ in accepted}
    heads = [each.customer for _, each, _ in accepted if each.customer.head_office_key is None]
    with_code = {each.unified_credit_code for each in heads if each.unified_credit_code}
    seen = await observations.unlinked_with(work, with_code)
    codes: dict[UUID, Codes] = {}
    for fact, opening, _ in accepted:
        adopted = {*seen.pop(opening.customer.unified_credit_code or "", [])} - own
        codes[opening.customer.customer_key] = sorted({(fact.system, fact.data.code), *adopted})
    await openings.link(work, codes)
    holders = {code: key for key, known in codes.items() for code in known}
    await observations.keep_marks(work, holders)
    return codes


async def _record(work: Work, batch: opening_batch.Batch, accepted: Sequence[Opened]) -> None:
    """Keep what each ID was issued under, and every flag (C18, X-11)."""
    for day in sorted({business_date(fact.time, work.zone) for fact, _, _ in accepted}):
        issued = [
            opening.customer
            for fact, opening, _ in accepted
            if business_date(fact.time, work.zone) == day
        ]
        await moves.record_issue(work, issued, batch.layouts.on(day).body.division_digits, day)
    flags = [
        (opening.customer.customer_key, flag, (fact.system, fact.ref))
        for fact, opening, found in accepted
        for flag in found
    ]
    await quality.add(work, flags)


async def _publish(work: Work, accepted: Sequence[Opened], codes: Mapping[UUID, Codes]) -> None:
    told: list[Published] = []
    for fact, opening, _ in accepted:
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
