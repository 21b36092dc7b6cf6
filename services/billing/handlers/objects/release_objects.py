"""Objects are free again after their deposit's last day; contracts are found late (B-03, B-11).

A deposit whose contract is signed is neither: it waits for finance to apply it.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.billing.domain.objects.deposit_endings import expire, miss_contract
from services.billing.domain.objects.deposit_refusals import reserved
from services.billing.domain.objects.deposits import Deposit, recount
from services.billing.handlers.objects import deposit_facts
from services.billing.storage.objects import agreements, deposits, reservations
from shared.calendar import working_calendar
from shared.work import Work


async def expire_due(work: Work, on: date) -> int:
    """Sweep: release objects whose deposit held until the day before `on` (B-01, B-02, C12)."""
    return sum([await _expire(work, deposit, on) for deposit in await deposits.due(work, on)])


async def miss_contracts(work: Work, on: date) -> int:
    """Sweep: say of which deposits the contract was due by the day before `on` (B-03)."""
    count = 0
    for deposit in await deposits.without_contract(work, on):
        counted = await _counted(work, deposit, deposit.contract_due_on)
        if counted is not None and counted.contract_due_on < on:
            await deposit_facts.save(work, miss_contract(counted, on), on)
            count += 1
    return count


async def reserving(
    work: Work, object_code: str, on: date, buyer: UUID | None = None
) -> Deposit | None:
    """The deposit that reserves an object on the day `on`, with the object held (B-11).

    One that is over by then, and that no sweep has come to yet, gives the object free here. Raises
    ObjectReserved when on that day, gone by, the object was another's than `buyer`'s.
    """
    await reservations.hold(work, object_code)
    if on < work.today and await reservations.was_taken(work, object_code, on, buyer):
        raise reserved(object_code)
    deposit = await deposits.live_on(work, object_code)
    if deposit is None or not deposit.is_over(on):
        return deposit
    if await agreements.standing_on(work, object_code) is not None:
        return deposit
    return None if await _expire(work, deposit, on) else deposit


async def _expire(work: Work, deposit: Deposit, on: date) -> bool:
    counted = await _counted(work, deposit, deposit.valid_until_on)
    if counted is None or not counted.is_over(on):
        return False
    await deposit_facts.save(work, expire(counted, on), on)
    return True


async def _counted(work: Work, deposit: Deposit, last_on: date) -> Deposit | None:
    """The deposit with its days as the calendar has them now; None while `last_on` is uncertain.

    Nothing is decided on days of a year whose holidays are not announced (X-09).
    """
    terms = await deposit_facts.terms_of(work, deposit.policy_version)
    if terms.body.day_count == "calendar":
        return deposit
    calendar = await working_calendar(work)
    years = (deposit.taken_on, last_on, last_on + timedelta(days=1))
    if not all(calendar.is_announced(day) for day in years):
        return None
    counted = recount(deposit, terms)
    days = (counted.valid_until_on, counted.contract_due_on)
    if days == (deposit.valid_until_on, deposit.contract_due_on):
        return deposit
    await deposit_facts.save(work, counted, work.today, "working calendar")
    return counted
