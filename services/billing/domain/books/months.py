"""Closing a month: its books are frozen, and what belongs to it is booked later (B-34)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from shared.errors import Conflict, Forbidden

from .accounts import Account

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MonthClosing:
    """Who closes the books of a month, and when.

    `closing_roles` in a unit of one of `closing_levels` may, from `earliest_days` days after the
    last day of the month on. With `is_reconciled` the control totals that senders gave for days of
    the month have to agree with what was accepted.
    """

    policy_name: ClassVar[str] = "books"

    closing_roles: tuple[str, ...]
    closing_levels: tuple[str, ...]
    earliest_days: int
    is_reconciled: bool


class NotClosingStaff(Forbidden):
    """The books are closed by few, for all."""

    code = "not-closing-staff"
    rule = "B-34"
    title_zh = "无权结账"
    title_en = "You may not close the books"


class MonthNotOver(Conflict):
    """The month, or the days that the policy leaves for it, have not passed."""

    code = "month-not-over"
    rule = "B-34"
    title_zh = "尚不能结账"
    title_en = "The month cannot be closed yet"


class MonthsCloseInOrder(Conflict):
    """The month is closed already, or one before it is open."""

    code = "months-close-in-order"
    rule = "B-34"
    title_zh = "须按月份顺序结账"
    title_en = "Months are closed in order"


class TotalsDiffer(Conflict):
    """A sender says of a day of the month something else than these books."""

    code = "control-totals-differ"
    rule = "B-34"
    title_zh = "控制总数不符"
    title_en = "Control totals differ"


@dataclass(frozen=True, slots=True)
class UnitRevenue:
    """Revenue (yuan, net of VAT) of a unit in one line in a month."""

    unit: str
    business_line: str
    base: Decimal
    increment: Decimal

    @property
    def amount(self) -> Decimal:
        """Base and increment together (R-44)."""
        return self.base + self.increment


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """What a month debited and credited on an account (yuan), and its balance at the end."""

    account: Account
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed month with its figures. `month` is its first day."""

    month: date
    closed_on: date
    closed_at: datetime
    closed_by: str
    policy_version: int
    postings: int
    late_lines: int
    waiting: int
    accounts: tuple[AccountFigures, ...]
    revenue: tuple[UnitRevenue, ...]

    @property
    def amount(self) -> Decimal:
        """Revenue of all units (yuan, net of VAT)."""
        return sum((each.amount for each in self.revenue), Decimal("0.00"))

    def balance(self, account: Account) -> Decimal:
        """Debits less credits on an account at the end of the month (yuan)."""
        return next(each.balance for each in self.accounts if each.account is account)


def last_day(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return following(month) - _DAY


def following(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1)


def named(month: date) -> str:
    """A month as it is written: `2026-03`."""
    return f"{month:%Y-%m}"


def check_staff(roles: Set[str], level: str | None, policy: MonthClosing) -> None:
    """Refuse whoever does not have the role, in a unit of the level. Raises NotClosingStaff."""
    if not roles & set(policy.closing_roles) or level not in policy.closing_levels:
        who, where = ", ".join(policy.closing_roles), ", ".join(policy.closing_levels)
        raise NotClosingStaff(
            f"须由 {where} 级单位的 {who} 结账",
            f"the books are closed by {who} of a unit at the level {where}",
            roles=who,
            levels=where,
        )


def check_turn(month: date, closed: date | None, on: date, policy: MonthClosing) -> None:
    """Whether `month` can be closed on the day `on`, `closed` being the last that is.

    The first closing closes everything before it too. Raises MonthsCloseInOrder, MonthNotOver.
    """
    if closed is not None and month != following(closed):
        raise MonthsCloseInOrder(
            f"已结至 {named(closed)}，下一个应结 {named(following(closed))}",
            f"the books are closed up to {named(closed)}; next is {named(following(closed))}",
            closed=named(closed),
            next=named(following(closed)),
        )
    if month > on or on < last_day(month) + timedelta(days=policy.earliest_days):
        raise MonthNotOver(
            f"{named(month)} 最后一日过后满 {policy.earliest_days} 日方可结账，今为 {on}",
            f"{named(month)} can be closed {policy.earliest_days} days after its last; it is {on}",
            earliest_days=policy.earliest_days,
            on=on.isoformat(),
        )


def check_totals(month: date, differing: int) -> None:
    """Refuse while `differing` totals of senders differ. Raises TotalsDiffer."""
    if differing:
        raise TotalsDiffer(
            f"{named(month)} 有 {differing} 项控制总数与已入账不符",
            f"{differing} control totals of {named(month)} differ from what was accepted",
            differing=differing,
        )
