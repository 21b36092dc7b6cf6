"""What requests and answers have in common."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.splits import Share, Shares
from services.registry.domain.identity.merge_refusals import MergedCustomer
from services.registry.storage.register.customers import UnknownCustomer
from shared.contracts.values import Amount, Code, Exact
from shared.directory import identities, scope
from shared.http import Role
from shared.work import Work

RESPONSIBLE: frozenset[Role] = frozenset(
    {"account_manager", "customer_administrator", "director", "deputy_director"}
)
"""Who looks after accounts; whether it is this one the domain asks (R-46)."""
ADMINISTERING: frozenset[Role] = frozenset(
    {"customer_administrator", "director", "deputy_director"}
)
"""Who says which person looks after an account (R-09)."""
DECIDING: frozenset[Role] = frozenset({"director", "deputy_director", "sales_director"})
"""Who may be asked to decide at all; which of them does is policy (R-09, R-37)."""

Reason = Annotated[str, Field(min_length=1, max_length=1000)]


class Command(BaseModel):
    """The body of a command: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class OnDay(Command):
    """A command that happens on a business day, never in the future."""

    on: date | None = Field(
        default=None, description="业务日期，默认今天 / business date, today if left out"
    )


class CodeOf(Command):
    """The code that another system has for a customer."""

    system: Code
    code: Code


class ShareOf(Command):
    """A unit's share as a fraction of one: "0.6" is 60 %."""

    unit: Code
    share: Exact


class TermsIn(OnDay):
    """Owner and shares from a day on. Without shares the owner gets everything.

    `increment` needs `base_amount`: the base of a calendar year in yuan, net of VAT (R-44).
    """

    owner_unit: Code
    effective_on: date
    base: list[ShareOf] = Field(default=[], max_length=50)
    increment: list[ShareOf] = Field(default=[], max_length=50)
    base_amount: Amount | None = None


def actor(work: Work) -> Actor:
    """Who calls, as the domain sees it."""
    return Actor(work.person.staff_code, work.person.unit, work.person.roles)


def shares(given: list[ShareOf]) -> Shares:
    """The shares of a request."""
    return tuple(Share(each.unit, each.share) for each in given)


async def itself(work: Work, customer_key: UUID) -> UUID:
    """The customer, if it is in sight and part of no other.

    Raises UnknownCustomer, OutOfScope, MergedCustomer (R-81).
    """
    await in_sight(work, customer_key)
    return await part_of_no_other(work, customer_key)


async def part_of_no_other(work: Work, customer_key: UUID) -> UUID:
    """The customer, if it was not merged into another; raises MergedCustomer (R-81)."""
    (root,) = (await identities.roots(work, [customer_key])).values()
    if root != customer_key:
        raise MergedCustomer(
            f"客户 {customer_key} 现为 {root} 的一部分，请在该客户上办理",
            f"the customer {customer_key} is now part of {root}; do it there",
            customer_key=str(customer_key),
            survivor=str(root),
        )
    return customer_key


async def in_sight(work: Work, customer_key: UUID) -> UUID:
    """The customer, if the caller may know of it; raises UnknownCustomer, OutOfScope."""
    known = await work.value("SELECT 1 FROM customers WHERE customer_key = :key", key=customer_key)
    if known is None:
        raise unknown(customer_key)
    await scope.require(work, customer_key, "base")
    return customer_key


def unknown(customer_key: UUID) -> UnknownCustomer:
    """What is said of a customer that the caller does not see."""
    return UnknownCustomer(
        f"没有客户 {customer_key}", f"there is no customer {customer_key} that you may see"
    )
