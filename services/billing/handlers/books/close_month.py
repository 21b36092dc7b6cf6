"""The books of a month are closed: what belongs to it is booked later from now on (B-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.months import (
    Closing,
    MonthClosing,
    check_staff,
    check_totals,
    check_turn,
    last_day,
    named,
)
from services.billing.storage.books import control_totals, months
from shared import policy
from shared.contracts.billing import MonthClosed, UnitMonth
from shared.contracts.envelope import Entity, MoneyAmount, PolicyRef
from shared.directory import units
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Close the month that begins on the day `month`."""

    month: date
    on: date | None = None


async def handle(work: Work, command: CloseMonth) -> Closing:
    """Freeze the month, keep its figures and tell them.

    Raises NotClosingStaff, MonthsCloseInOrder, MonthNotOver, TotalsDiffer (B-34).
    """
    on = business_day(command.on, work.today)
    rules = await policy.in_force(work, MonthClosing, on)
    level = await units.level_of(work, work.person.unit)
    check_staff(work.person.roles, level, rules.body)

    closed = await months.hold_alone(work)
    check_turn(command.month, closed, on, rules.body)
    if rules.body.is_reconciled:
        last_on = last_day(command.month)
        check_totals(command.month, await control_totals.differing(work, command.month, last_on))

    said = {
        "on": on,
        "by": work.person.staff_code,
        "unit": work.person.unit,
        "policy_version": rules.version,
    }
    await months.close(work, command.month, closed, said)
    closing = await months.closing(work, command.month)
    work.publish(month_closed(closing, work.currency))
    return closing


def month_closed(closing: Closing, currency: str) -> MonthClosed:
    """What is told of a closed month; its units sum to its revenue, and that is the ledger's."""

    def yuan(amount: Decimal) -> MoneyAmount:
        return MoneyAmount(amount=amount, currency=currency)

    return MonthClosed(
        entity=Entity(type="month", id=named(closing.month), version=1),
        as_of=closing.closed_on,
        policy=PolicyRef(name=MonthClosing.policy_name, version=closing.policy_version),
        inputs={"postings": closing.postings, "waiting": closing.waiting},
        month=named(closing.month),
        closed_by=closing.closed_by,
        postings=closing.postings,
        late_lines=closing.late_lines,
        revenue=yuan(closing.amount),
        units=tuple(
            UnitMonth(
                unit=each.unit,
                business_line=each.business_line,
                amount=yuan(each.amount),
                increment=yuan(each.increment),
            )
            for each in closing.revenue
        ),
        receivables=yuan(closing.balance(Account.RECEIVABLE)),
        unapplied=yuan(-closing.balance(Account.UNAPPLIED_CASH)),
        deposits=yuan(-closing.balance(Account.DEPOSITS_HELD)),
    )
