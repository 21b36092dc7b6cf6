"""Interests of staff are declared, ended, and asked about before an assignment (R-78)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.conduct.conflicts import (
    ConflictsOfInterest,
    Interest,
    OnAssignment,
    check_assignment,
    declare,
    end,
)
from services.registry.domain.register.observations import InvalidCreditCode
from services.registry.storage.centres import staff
from services.registry.storage.conduct import interests
from services.registry.storage.register.divisions import credit_code
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DeclareInterest:
    """Whose interest in whom; the party by name, and by key or credit code where known."""

    by: Actor
    staff_code: str
    kind: str
    party_name: str
    statement: str
    unified_credit_code: str | None = None
    customer_key: UUID | None = None
    from_on: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class EndInterest:
    """The last day of an interest and why it ended."""

    interest_id: UUID
    by: Actor
    until_on: date
    reason: str


async def handle(work: Work, command: DeclareInterest) -> Interest:
    """Add the interest to the register (R-78).

    Raises UnknownInterest, NotTheRegistrar, NotOnDuty, InvalidCreditCode, Invalid.
    """
    on = business_day(command.on, work.today)
    person = await staff.on_day(work, command.staff_code, on, "/staff_code")
    policy = await in_force(work, ConflictsOfInterest, on)
    interest = declare(
        Interest(
            interest_id=new_id(),
            staff_code=person.code,
            unit=person.unit,
            kind=command.kind,
            party_name=command.party_name,
            declared_on=on,
            from_on=command.from_on or on,
            unified_credit_code=_credit_code(command.unified_credit_code),
            customer_key=command.customer_key,
        ),
        command.by,
        policy.body,
    )
    await interests.add(work, interest, command.statement, command.by.staff_code)
    return interest


async def finish(work: Work, command: EndInterest) -> Interest:
    """Add the last day (R-78).

    Raises UnknownInterestEntry, InterestEnded, NotTheRegistrar, InTheFuture, Invalid.
    """
    until_on = business_day(command.until_on, work.today, "/until_on")
    interest = await interests.load(work, command.interest_id)
    policy = await in_force(work, ConflictsOfInterest, work.today)
    ended = end(interest, command.by, policy.body, until_on)
    await interests.add_ending(work, ended, command.by.staff_code, command.reason)
    return ended


async def check(
    work: Work, customer_key: UUID, staff_codes: Iterable[str], on: date
) -> tuple[str, ...]:
    """Who of `staff_codes` has an interest in the customer, where the policy only warns (R-78).

    Nothing is asked of the policy when nobody has. Raises ConflictOfInterest.
    """
    found = await interests.touched(work, customer_key, staff_codes, on)
    if not found:
        return ()
    policy = await in_force(work, ConflictsOfInterest, on)
    return check_assignment(found, policy.body)


async def barred(
    work: Work, customer_keys: Sequence[UUID], staff_codes: Iterable[str]
) -> dict[UUID, frozenset[str]]:
    """Who of `staff_codes` would be refused which customers today for an interest (R-78)."""
    found = await interests.touching(work, customer_keys, staff_codes, work.today)
    if not found:
        return {}
    policy = await in_force(work, ConflictsOfInterest, work.today)
    if policy.body.on_assignment != OnAssignment.REFUSE:
        return {}
    return {key: frozenset(each.staff_code for each in own) for key, own in found.items()}


def _credit_code(text: str | None) -> str | None:
    code = credit_code(text)
    if text is not None and code is None:
        raise InvalidCreditCode(
            f"“{text}”不是统一社会信用代码",
            f"“{text}” is no unified social credit code",
            pointer="/unified_credit_code",
        )
    return code
