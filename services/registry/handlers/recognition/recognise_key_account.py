"""Whether a customer is a key account is decided, and its kind follows (R-15 to R-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.recognition.criteria import (
    KeyAccountRecognition,
    Value,
    observe,
    require_recognised,
)
from services.registry.domain.recognition.decisions import Recognition, recognise
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.recognition import recognitions
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.policy import Versioned, in_force
from shared.work import Work


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

    await recognitions.add(work, decision, decided, by, policy.reference)
    if decided != customer:
        await customers.save(work, decided)
        await customers.note(work, decided, "recognised", on, by)
        await tell(work, customer_changed(decided, await customers.codes(work, key)))
    return decision
