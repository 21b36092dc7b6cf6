"""What deposits are allowed: amounts, days, who may take them. Policy data, never constants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal


@dataclass(frozen=True)
class SmallDepositTerms:
    """B-01: from `minimum` to below `below` (yuan), kept for `hold_days` days."""

    minimum: Decimal
    below: Decimal
    hold_days: int


@dataclass(frozen=True)
class LargeDepositTerms:
    """B-02: the chain holds at least `minimum` (yuan), kept for `hold_days` days."""

    minimum: Decimal
    hold_days: int


@dataclass(frozen=True)
class DepositTerms:
    """B-01 to B-04, B-11, B-12, C10 to C12.

    `share_of_price` is the most that all deposits of one object may come to, as a fraction of its
    price; `legal_share` the part of the price up to which the law gives them the effect of a
    deposit (as much as may be taken, if left out). The contract is due `contract_days` after the
    deposit. Days are counted by the calendar or by working days. `collecting_roles` may take
    deposits and set them off; `deciding_roles` may pay back and keep them (those who collect, if
    nobody is named), and never whoever took the money.
    """

    policy_name: ClassVar[str] = "deposits"

    small: SmallDepositTerms
    large: LargeDepositTerms
    share_of_price: Decimal
    contract_days: int
    collecting_roles: tuple[str, ...]
    legal_share: Decimal | None = None
    day_count: Literal["calendar", "working"] = "calendar"
    deciding_roles: tuple[str, ...] = ()

    def hold_days(self, kind: str) -> int:
        """For how many days a `small` or `large` deposit reserves its object."""
        return self.small.hold_days if kind == "small" else self.large.hold_days

    @property
    def who_decides(self) -> tuple[str, ...]:
        """The roles that decide what becomes of a deposit that is not applied."""
        return self.deciding_roles or self.collecting_roles


@dataclass(frozen=True)
class TermsInForce:
    """The terms that a decision follows, with their version and how days are counted (C12).

    `after(day, n)` is day n when the day after `day` is day 1; a deadline ends with that day.
    """

    body: DepositTerms
    version: int
    after: Callable[[date, int], date]

    def valid_until_on(self, kind: str, taken_on: date) -> date:
        """The last day of a `small` or `large` deposit (B-01, B-02)."""
        return self.after(taken_on, self.body.hold_days(kind))

    def contract_due_on(self, taken_on: date) -> date:
        """The last day for the contract (B-03)."""
        return self.after(taken_on, self.body.contract_days)
