"""Customers as registry knows them: which one is meant, and may business be done with it (R-20)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.envelope import CustomerReference
from shared.contracts.registry import CustomerChanged, CustomerState
from shared.directory import customer_rows
from shared.directory.newest import newest
from shared.errors import Conflict
from shared.messaging.cloudevents import Fact
from shared.work import Work

_DEVELOPED = (CustomerState.APPROVED, CustomerState.REGISTERED)


class UnapprovedCustomer(Conflict):
    """Nobody develops a customer before its declaration is approved (R-20)."""

    code = "unapproved-customer"
    rule = "R-20"
    title_zh = "客户未经申报批准"
    title_en = "Customer not approved"


class SuspendedCustomer(Conflict):
    """Investigation and talks are suspended (R-22)."""

    code = "suspended-customer"
    rule = "R-22"
    title_zh = "客户已中止开发"
    title_en = "Customer suspended"


class ClosedCustomer(Conflict):
    """The customer is closed."""

    code = "closed-customer"
    title_zh = "客户已关闭"
    title_en = "Customer closed"


def reference_key(reference: CustomerReference) -> str:
    """What a fact about this customer waits on, under the kind "customer"."""
    if reference.customer_key is not None:
        return _by_key(reference.customer_key)
    if reference.customer_id is not None:
        return f"id:{reference.customer_id}"
    return f"{reference.system}:{reference.code}"


async def resolve(
    work: Work, references: Sequence[CustomerReference], *, developed: bool = True
) -> list[UUID | None]:
    """The customers that `references` name; None for those that a fact has to wait for.

    These are the unknown ones and, unless `developed=False` (research), those whose declaration
    is not approved yet (R-20). What is missing is looked up again under a lock on its reference
    row, so a fact that then waits cannot miss the approval that frees it.
    """
    keys = [reference_key(reference) for reference in references]
    found = await customer_rows.find(work, references, developed)
    missing = {
        key: reference for key, reference in zip(keys, references, strict=True) if key not in found
    }
    if missing:
        await work.refer("customer", missing)
        found |= await customer_rows.find(work, list(missing.values()), developed)
    return [found.get(key) for key in keys]


async def require_developed(work: Work, customer_key: UUID, *, research: bool = False) -> None:
    """Refuse to do business with a customer that is unknown or not approved (R-20, R-22).

    Raises UnapprovedCustomer, SuspendedCustomer, ClosedCustomer, all 409. With `research` an
    unknown or declared customer is allowed.
    """
    row = await work.row(
        "SELECT state, is_developed, suspended_on, closed_on FROM kit.customers"
        " WHERE customer_key = :key",
        key=customer_key,
    )
    if row is not None and row["state"] == CustomerState.CLOSED:
        raise ClosedCustomer(
            f"客户 {customer_key} 已于 {row['closed_on']} 关闭",
            f"the customer {customer_key} was closed on {row['closed_on']}",
        )
    if row is not None and row["state"] == CustomerState.SUSPENDED:
        raise SuspendedCustomer(
            f"客户 {customer_key} 自 {row['suspended_on']} 起中止",
            f"the customer {customer_key} is suspended since {row['suspended_on']}",
        )
    if not research and (row is None or not row["is_developed"]):
        raise UnapprovedCustomer(
            f"客户 {customer_key} 未知或其申报未获批准；开发前须先申报注册并获批准",
            f"the customer {customer_key} is unknown or its declaration is not approved;"
            " it has to be declared and approved before anybody develops it",
            customer_key=str(customer_key),
        )


async def follow(work: Work, facts: list[Fact[CustomerChanged]]) -> None:
    """Keep the newest version of every customer and wake the facts that waited for it.

    Woken is what waited for a key, an ID or a code that the customer did not have before, and,
    once it is approved, whatever waited under any of them.
    """
    told = newest(facts, lambda customer: customer.customer_key)
    before = await customer_rows.held(work, [customer.customer_key for customer in told])
    changed = await customer_rows.keep(work, told, [_is_developed(customer) for customer in told])
    freed: set[str] = set()
    for customer in told:
        if customer.customer_key not in changed:
            continue
        known = before.get(customer.customer_key)
        names = _names(customer)
        is_approved_now = _is_developed(customer) and not (known and known.is_developed)
        freed |= names if known is None or is_approved_now else names - known.names
    if freed:
        await work.settle("customer", freed)


def _is_developed(customer: CustomerChanged) -> bool:
    return (
        customer.state in _DEVELOPED
        or customer.approved_on is not None
        or customer.registered_on is not None
    )


def _names(customer: CustomerChanged) -> set[str]:
    names = {f"{code.system}:{code.code}" for code in customer.codes}
    names.add(_by_key(customer.customer_key))
    if customer.customer_id is not None:
        names.add(f"id:{customer.customer_id}")
    return names


def _by_key(customer_key: UUID) -> str:
    return f"key:{customer_key}"
