"""A person puts right what could not be taken as it came, or confirms it (X-11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.register.customers import Customer
from services.registry.domain.register.quality import (
    FlaggedField,
    FlagOutcome,
    KeptFlag,
    Resolution,
    UnusableCorrection,
    as_kept,
    resolve,
)
from services.registry.handlers.archive import write_part
from services.registry.handlers.archive.write_part import WritePart
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.register import move_customer, recognise_customer
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.storage.archive import versions
from services.registry.storage.register import customers, quality
from services.registry.storage.register.readings import capital_amount, is_phone
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ResolveFlag:
    """Which flag, with which outcome; `value` is the corrected one."""

    customer_key: UUID
    flag_id: UUID
    by: Actor
    expected_version: int
    outcome: FlagOutcome
    reason: str
    value: str | None = None
    on: date | None = None


async def handle(work: Work, command: ResolveFlag) -> Resolution:
    """Apply the correction, if it is one, and close the flag with its author.

    A phone goes into the basic part of the archive, where phones are sealed and masked. Raises
    UnknownFlag, FlagResolved, UnusableCorrection, StaleVersion, and what the corrected field
    refuses: InvalidCreditCode, CustomerExists, UnknownDivision, RetiredDivision, NotPermitted.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    kept = await quality.load(work, customer.customer_key, command.flag_id)

    resolution = resolve(
        kept,
        command.outcome,
        command.value,
        reason=command.reason,
        on=on,
        by=command.by.staff_code,
    )

    if resolution.value is None:
        await quality.keep(work, resolution)
    elif kept.flag.field is FlaggedField.DIVISION:
        await _move(work, customer, resolution.value, command)  # Which resolves the flag, too.
    else:
        await _correct(work, customer, kept, resolution.value, command)
        resolution = as_kept(resolution, kept.flag)
        await quality.keep(work, resolution)
    return resolution


async def _move(work: Work, customer: Customer, to: str, command: ResolveFlag) -> None:
    move = MoveCustomer(
        *(customer.customer_key, command.by, customer.version, to),
        *(command.reason, command.on),
    )
    await move_customer.handle(work, move)


async def _correct(
    work: Work, customer: Customer, kept: KeptFlag, value: str, command: ResolveFlag
) -> None:
    corrected = await _corrected(work, customer, kept.flag.field, value)
    if kept.flag.field is FlaggedField.PHONE:
        await _write_phone(work, value, command)
    corrected = replace(corrected, version=customer.version + 1)
    on = business_day(command.on, work.today)
    await customers.save(work, corrected)
    await customers.note(work, corrected, "corrected", on, command.by.staff_code, command.reason)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(corrected, codes))


async def _corrected(work: Work, customer: Customer, field: FlaggedField, value: str) -> Customer:
    if field is FlaggedField.CREDIT_CODE:
        family = customer.head_office_key or customer.customer_key
        code = await recognise_customer.require_new(work, value, family, pointer="/value")
        return replace(customer, unified_credit_code=code)
    if field is FlaggedField.CAPITAL:
        amount = capital_amount(value)
        if amount is None:
            raise _unusable(f"无法识别为金额：{value}", f"no amount in yuan: {value}")
        return replace(customer, registered_capital=value, capital_amount=amount)
    if field is FlaggedField.HEAD_OFFICE:
        raise _unusable(
            "先为总部发放ID，再发放分支ID；已发放的请确认",
            "register the head office, then the branch below it; confirm the flag when it is done",
        )
    if not is_phone(value):
        raise _unusable(f"不是可用的电话号码：{value}", f"not a usable number: {value}")
    return customer


async def _write_phone(work: Work, value: str, command: ResolveFlag) -> None:
    """The next version of the basic part says the number, with the reason of the correction."""
    key, place = command.customer_key, Place(Section.BASIC)
    newest = next(iter(await versions.load(work, [key], [Section.BASIC])), None)
    before = BasicPart() if newest is None else newest.shown(is_masked=False)
    assert isinstance(before, BasicPart), "it was asked for just that"
    await write_part.handle(
        work,
        WritePart(
            *(key, place, replace(before, phone=value), command.by, command.reason),
            *(0 if newest is None else newest.version, command.on),
        ),
    )


def _unusable(zh: str, en: str) -> UnusableCorrection:
    return UnusableCorrection(zh, en, pointer="/value")
