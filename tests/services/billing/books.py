"""What tests of billing tell and ask: facts of other systems in, figures of the books out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.billing.consumers import CONSUMERS
from shared.contracts.enterprise import RevenueRecorded
from shared.contracts.envelope import (
    CustomerReference,
    Enterprise,
    Entity,
    Event,
    MoneyAmount,
    Published,
    Reverses,
)
from shared.contracts.registry import OwnershipChanged, SplitChanged, SplitShare
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.support.cast import Customer
from tests.support.facts import published, reported

JANUARY = date(2026, 1, 15)
MARCH = date(2026, 3, 10)


def yuan(amount: str | int | Decimal) -> MoneyAmount:
    return MoneyAmount(amount=Decimal(amount), currency="CNY")


def named(customer: Customer) -> CustomerReference:
    return CustomerReference(system="erp", code=customer.code)


def owned(
    customer: Customer,
    unit: str | None = None,
    *,
    version: int = 1,
    on: date = date(2020, 1, 1),
    rule: str = "default",
) -> OwnershipChanged:
    return OwnershipChanged(
        entity=Entity(type="ownership", id=str(customer.key), version=version),
        customer_key=customer.key,
        owner_unit=unit or customer.owner_unit,
        rule=rule,
        effective_on=on,
    )


def split(
    customer: Customer,
    base: dict[str, str],
    *,
    version: int = 1,
    on: date = date(2020, 1, 1),
    increment: dict[str, str] | None = None,
    base_amount: str | None = None,
    rule: str = "base-increment",
    ruling_id: UUID | None = None,
) -> SplitChanged:
    split_id = derived_id("split", customer.key)
    return SplitChanged(
        entity=Entity(type="split", id=str(split_id), version=version),
        customer_key=customer.key,
        split_id=split_id,
        base=_shares(base),
        increment=_shares(increment or {}),
        base_amount=yuan(base_amount) if base_amount is not None else None,
        rule=rule,
        ruling_id=ruling_id,
        effective_on=on,
    )


def revenue(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    on: date = JANUARY,
    line: str = "express",
    reverses: str | None = None,
    kind: str = "revenue_recorded",
) -> RevenueRecorded:
    return RevenueRecorded(
        ref=ref,
        customer=named(customer),
        business_line=line,
        amount=yuan(amount),
        occurred_on=on,
        reverses=Reverses(type=kind, ref=reverses) if reverses else None,
    )


async def take(work: Work, *events: Event) -> None:
    """Let billing take `events` in one batch, to the end of its transaction."""
    await CONSUMERS.dispatch(work, [as_fact(event) for event in events])
    await work.finish()
    work._collected = type(work._collected)()


def as_fact(event: Event) -> Fact[Any]:
    """`event` as its publisher sent it: registry, or the other system called `erp`."""
    if isinstance(event, Published):
        return published(event)
    assert isinstance(event, Enterprise)
    return reported(event)


async def balances(work: Work) -> dict[str, Decimal]:
    """Every account with debits less credits, without those at zero."""
    rows = await work.rows("SELECT account, sum(balance) AS balance FROM entries GROUP BY account")
    return {row["account"]: row["balance"] for row in rows if row["balance"]}


async def unit_revenue(work: Work, customer: Customer | None = None) -> dict[str, Decimal]:
    """Revenue by unit as the ledger has it, without units at zero."""
    rows = await work.rows(
        "SELECT unit, -sum(balance) AS amount FROM entries WHERE account = 'revenue'"
        " AND (CAST(:key AS uuid) IS NULL OR customer_key = :key) GROUP BY unit",
        key=customer.key if customer else None,
    )
    return {row["unit"]: row["amount"] for row in rows if row["amount"]}


async def told(work: Work, subject: str) -> list[dict[str, Any]]:
    """The data of every fact that billing stored for the relay, in order."""
    rows = await work.rows(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' AS data FROM kit.outbox"
        " WHERE subject = :subject ORDER BY position",
        subject=subject,
    )
    return [row["data"] for row in rows]


async def fate_codes(work: Work) -> dict[str, str]:
    """By ref: waiting, or the code of the refusal."""
    rows = await work.rows("SELECT ref, state, reason ->> 'code' AS code FROM kit.fates")
    return {row["ref"]: row["code"] or row["state"] for row in rows}


def _shares(shares: dict[str, str]) -> tuple[SplitShare, ...]:
    return tuple(SplitShare(unit=unit, share=Decimal(share)) for unit, share in shares.items())


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
