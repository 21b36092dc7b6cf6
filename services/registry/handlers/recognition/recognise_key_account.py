"""Whether a customer is a key account is decided, and its kind follows (R-15 to R-18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.recognition.assessment import observe
from services.registry.domain.recognition.criteria import (
    KeyAccountRecognition,
    Value,
    require_recognised,
)
from services.registry.domain.recognition.decisions import Recognition, recognise
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.recognition import recognitions
from services.registry.storage.register import customers
from shared.directory.identities import roots
from shared.moments import business_day
from shared.policy import Versioned, in_force
from shared.sweeps import Portion
from shared.work import Work

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RecogniseKeyAccount:
    """Values by measure that registry does not know itself, such as capacity in kVA."""

    customer_key: UUID
    by: Actor
    given: Mapping[str, Value] = field(default_factory=dict)
    on: date | None = None


async def handle(work: Work, command: RecogniseKeyAccount) -> Recognition:
    """Decide with what is given and what registry knows (R-15, R-16, R-17).

    Raises UnknownCustomer, UnknownMeasure, WrongState, DecidedLater.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    policy = await in_force(work, KeyAccountRecognition, on)
    return await _decide(work, customer, policy, command, on)


async def declared(work: Work, customer: Customer, by: Actor, on: date) -> None:
    """Decide about a customer that is being declared, with what registry knows by then (R-15).

    A site without a definition of its key accounts on that day decides nothing.
    """
    policy = await recognitions.policy_on(work, on)
    if policy is not None:
        command = RecogniseKeyAccount(customer.customer_key, by)
        await _decide(work, customer, policy, command, on)


async def signed(work: Work, customer_keys: Sequence[UUID], by: str | None) -> None:
    """Contracts were signed: who was no key account may be one from today on (C14, R-16).

    `by` None: facts decide. A decision that stands is not repeated.
    """
    policy = await recognitions.policy_on(work, work.today)
    if policy is None:
        return
    last = await recognitions.last_of_all(work, customer_keys)
    due = [key for key in customer_keys if key not in last or not last[key].is_recognised]
    if not due:
        return
    held = await customers.load_all(work, due)
    whole = await roots(work, due)
    known = await recognitions.known_of_all(work, sorted({*whole.values()}), work.today)
    found = []
    for key in due:
        observed = observe(policy.body, known[whole[key]], {})
        decision, decided = recognise(
            held[key], policy.body, observed, last=last.get(key), on=work.today
        )
        found.append((decision, held[key], decided))
    await _keep(work, found, by, policy)


async def portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: decide about those of the opening register, and who has reached a threshold (R-16).

    Who is no key account by what has come since stays as decided before; nobody loses by a sweep
    what a person or a contract gave.
    """
    policy = await recognitions.policy_on(work, on)
    if policy is None:
        return Portion(0, None)
    due = await recognitions.to_assess(work, on, after, _AT_ONCE)
    held = await customers.load_all(work, due)
    known = await recognitions.known_of_all(work, sorted(due), on)
    found = []
    for key in sorted(due):
        observed = observe(policy.body, known[key], {})
        decision, decided = recognise(held[key], policy.body, observed, last=due[key], on=on)
        if due[key] is None or decision.assessment.is_recognised:
            found.append((decision, held[key], decided))
    await _keep(work, found, None, policy)
    return Portion(len(found), max(due) if len(due) == _AT_ONCE else None)


async def require(work: Work, customer: Customer, on: date) -> None:
    """Let a declaration be approved on `on`; raises NotRecognised where the policy says so."""
    policy = await recognitions.policy_on(work, on)
    if policy is not None:
        last = await recognitions.last(work, customer.customer_key)
        require_recognised(policy.body, last.is_recognised if last else None)


async def _decide(
    work: Work,
    customer: Customer,
    policy: Versioned[KeyAccountRecognition],
    command: RecogniseKeyAccount,
    on: date,
) -> Recognition:
    key, by = customer.customer_key, command.by.staff_code
    observed = observe(policy.body, await recognitions.known(work, key, on), command.given)
    last = await recognitions.last(work, key)

    decision, decided = recognise(customer, policy.body, observed, last=last, on=on)

    await _keep(work, [(decision, customer, decided)], by, policy)
    return decision


async def _keep(
    work: Work,
    found: Sequence[tuple[Recognition, Customer, Customer]],
    by: str | None,
    policy: Versioned[KeyAccountRecognition],
) -> None:
    """Keep decisions, each with the customer before and after, and tell of a kind that changed.

    `by` None: nobody, but what registry heard.
    """
    rows = [(decision, decided.kind) for decision, _, decided in found]
    await recognitions.add(work, rows, by or work.service, policy.reference)
    for decision, before, decided in found:
        if decided != before:
            await customers.save(work, decided)
            await customers.note(work, decided, "recognised", decision.decided_on, by)
            codes = await customers.codes(work, decided.customer_key)
            await tell(work, customer_changed(decided, codes))
