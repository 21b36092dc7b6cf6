"""Dunning (催收): which step an instalment has come to, by its due date and the step before.

B-13 (a reminder for every receivable), B-17 (collection), B-24 (the last step is a fact of its own,
never a silent change). Decided for a date from what the ledger says of that date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class WithdrawnBecause(StrEnum):
    """Why a step should not have been taken."""

    PAID_BEFORE = "paid-before"
    CHARGE_CANCELLED = "charge-cancelled"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written-off"


@dataclass(frozen=True)
class DunningStep:
    """`after_days` are counted from the due date, below zero before it.

    At least `notice_days` lie between the step before and this one, so that whoever was asked has
    the time to pay.
    """

    step: str
    after_days: int
    notice_days: int


@dataclass(frozen=True)
class DunningRules:
    """The steps in order, and who is not dunned: less than `minimum` yuan, some tariff classes."""

    policy_name: ClassVar[str] = "dunning"

    steps: tuple[DunningStep, ...]
    minimum: Decimal
    excluded_classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        days = [each.after_days for each in self.steps]
        if not days or days != sorted(set(days)):
            raise ValueError("dunning steps follow each other / 催收步骤须按天数递增")
        if any(each.notice_days < 1 for each in self.steps[1:]):
            raise ValueError("a step has a day's notice at least / 两步之间至少隔一天")

    def thresholds(self, on: date) -> Iterator[Threshold]:
        """For every level, what reaches it on the day `on`."""
        for level, each in enumerate(self.steps, 1):
            yield Threshold(
                level=level,
                step=each.step,
                due_until_on=on - timedelta(days=each.after_days),
                previous_until_on=on - timedelta(days=each.notice_days),
            )


@dataclass(frozen=True, slots=True)
class Threshold:
    """An instalment reaches `level` when it was due on `due_until_on` or before.

    From the second level on, the level before must have been reached by `previous_until_on`.
    """

    level: int
    step: str
    due_until_on: date
    previous_until_on: date
