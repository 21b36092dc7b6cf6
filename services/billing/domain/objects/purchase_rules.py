"""Who signs for an object, and how long an agent's authority holds. Policy data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Party(StrEnum):
    """Who signs a preliminary agreement (B-05)."""

    CUSTOMER = "customer"
    SALESPERSON = "salesperson"
    MANAGER = "manager"


@dataclass(frozen=True)
class PurchaseRules:
    """B-05, B-09, B-10.

    `signatures` are the parties without whose signatures neither a deposit is taken nor a contract
    signed; where it is empty the site has no preliminary agreements. `salesperson_roles` and
    `manager_roles` sign for these parties, `cancelling_roles` cancel a contract before it is
    registered. An agent's authority that names no last day holds `authority_days` days; without
    that number it holds until it is used.
    """

    policy_name: ClassVar[str] = "purchase-agreements"

    signatures: tuple[Party, ...]
    salesperson_roles: tuple[str, ...]
    manager_roles: tuple[str, ...]
    cancelling_roles: tuple[str, ...]
    authority_days: int | None = None

    def roles_of(self, party: Party) -> tuple[str, ...]:
        """Which roles sign as `party`; the salesperson's see the customer sign."""
        return self.manager_roles if party is Party.MANAGER else self.salesperson_roles
