"""What deposits are allowed: amounts, days, who may take them. Policy data, never constants."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True)
class SmallDepositTerms:
    """B-01: from `minimum` to below `below` (yuan), kept for `hold_days` calendar days."""

    minimum: Decimal
    below: Decimal
    hold_days: int


@dataclass(frozen=True)
class LargeDepositTerms:
    """B-02: the chain holds at least `minimum` (yuan), kept for `hold_days` calendar days."""

    minimum: Decimal
    hold_days: int


@dataclass(frozen=True)
class DepositTerms:
    """B-01 to B-04, C10 to C12.

    `share_of_price` is the most that all deposits of one object may come to, as a fraction of its
    price. The contract is due `contract_days` after the deposit. `collecting_roles` may take, give
    back and keep deposits.
    """

    policy_name: ClassVar[str] = "deposits"

    small: SmallDepositTerms
    large: LargeDepositTerms
    share_of_price: Decimal
    contract_days: int
    collecting_roles: tuple[str, ...]

    def hold_days(self, kind: str) -> int:
        """For how many days a `small` or `large` deposit reserves its object."""
        return self.small.hold_days if kind == "small" else self.large.hold_days
