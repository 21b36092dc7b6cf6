"""What tests of billing tell and ask: facts of other systems in, figures of the books out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.billing.consumers import CONSUMERS
from services.billing.domain.objects.preliminary_agreements import Preliminary
from services.billing.domain.objects.purchase_rules import Party
from services.billing.handlers.objects import preliminary_agreements
from services.billing.handlers.objects.preliminary_agreements import DrawUp, SignPreliminary
from services.billing.storage.books.verification import differences
from shared.auth import Caller
from shared.contracts.enterprise import (
    ChargeCancelled,
    ChargeRaised,
    OpeningBalanceStated,
    OpeningKind,
    PaymentReceived,
    RaisedInstalment,
    RevenueRecorded,
    TariffClass,
)
from shared.contracts.envelope import (
    CustomerReference,
    Enterprise,
    Entity,
    Event,
    MoneyAmount,
    Published,
    Reverses,
)
from shared.contracts.registry import (
    CustomerIdentityChanged,
    OwnershipChanged,
    SplitChanged,
    SplitShare,
)
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.support.cast import MANAGER_A, SUPERVISOR, Customer, Person
from tests.support.facts import published, reported

JANUARY = date(2026, 1, 15)
MARCH = date(2026, 3, 10)
COMPANY_ACCOUNT = "4400-1001-88"


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
    await finish(work)


async def finish(work: Work) -> None:
    """End what was done so far as a commit would; what follows is another transaction's."""
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


def charge(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    issued: date = date(2026, 1, 1),
    due: date = date(2026, 1, 31),
    tax: str | None = None,
    rate: str | None = None,
    tariff: TariffClass = TariffClass.OTHER,
    parts: dict[date, str] | None = None,
) -> ChargeRaised:
    return ChargeRaised(
        ref=ref,
        customer=named(customer),
        business_line="express",
        amount=yuan(amount),
        tax_amount=yuan(tax) if tax is not None else None,
        tax_rate=Decimal(rate) if rate is not None else None,
        issued_on=issued,
        due_on=due,
        tariff_class=tariff,
        instalments=tuple(
            RaisedInstalment(number=number, amount=yuan(part), due_on=due_on)
            for number, (due_on, part) in enumerate((parts or {}).items(), 1)
        ),
    )


def cancelled(
    ref: str,
    original: str,
    amount: str | None = None,
    *,
    on: date | None = MARCH,
    kind: str = "charge_raised",
) -> ChargeCancelled:
    return ChargeCancelled(
        ref=ref,
        reverses=Reverses(type=kind, ref=original),
        amount=yuan(amount) if amount is not None else None,
        cancelled_on=on,
    )


def opening(
    customer: Customer,
    ref: str,
    amount: str | int,
    *,
    due: date | None = date(2025, 11, 30),
    on: date = date(2026, 1, 1),
    kind: OpeningKind = OpeningKind.RECEIVABLE,
    line: str | None = "express",
    reverses: str | None = None,
    type: str = "opening_balance_stated",
) -> OpeningBalanceStated:
    return OpeningBalanceStated(
        ref=ref,
        customer=named(customer),
        kind=kind,
        amount=yuan(amount),
        opened_on=on,
        due_on=due,
        business_line=line,
        reverses=Reverses(type=type, ref=reverses) if reverses else None,
    )


def payment(
    customer: Customer,
    ref: str,
    amount: str | int,
    *names: str,
    on: date = date(2026, 1, 20),
    account: str = COMPANY_ACCOUNT,
    system: str | None = None,
    reverses: str | None = None,
    kind: str = "payment_received",
) -> PaymentReceived:
    return PaymentReceived(
        ref=ref,
        company_account=account,
        payer=named(customer),
        amount=yuan(amount),
        received_on=on,
        remittance=names,
        remittance_system=system,
        reverses=Reverses(type=kind, ref=reverses) if reverses else None,
    )


def merged(customer: Customer, into: Customer | None, version: int = 1) -> CustomerIdentityChanged:
    """The customer is part of another from now on, or itself again."""
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(customer.key), version=version),
        customer_key=customer.key,
        survivor=into.key if into else None,
        on=date(2026, 1, 2),
    )


async def open_items(work: Work) -> dict[str, Decimal]:
    """By ref (and number from the second on, and `fee`) what is still to be paid."""
    rows = await work.rows(
        "SELECT ref, number, fee_of IS NOT NULL AS is_fee, amount - paid AS balance"
        " FROM items JOIN charges USING (charge_id) WHERE paid < amount"
    )
    return {
        row["ref"]
        + (f"/{row['number']}" if row["number"] > 1 else "")
        + (" fee" if row["is_fee"] else ""): row["balance"]
        for row in rows
    }


async def unapplied(work: Work) -> dict[str, Decimal]:
    """By ref what of payments is not applied."""
    rows = await work.rows(
        "SELECT ref, amount - returned - applied AS rest FROM payments"
        " WHERE applied < amount - returned"
    )
    return {row["ref"]: row["rest"] for row in rows}


async def check_books(work: Work) -> None:
    """What must hold at every instant (B-34)."""
    ledger = await balances(work)
    assert total(ledger.values()) == 0, "the trial balance is zero"
    assert ledger.get("receivable", 0) == total((await open_items(work)).values())
    assert -ledger.get("unapplied_cash", 0) == total((await unapplied(work)).values())
    by_item = await work.value(
        "SELECT count(*) FROM items LEFT JOIN ("
        " SELECT item_id, sum(balance) AS balance FROM entries WHERE account = 'receivable'"
        " GROUP BY item_id) ledger USING (item_id)"
        " WHERE amount - paid <> coalesce(ledger.balance, 0)"
    )
    assert by_item == 0, "every item's balance is the sum of its postings"
    by_payment = await work.value(
        "SELECT count(*) FROM payments LEFT JOIN ("
        " SELECT payment_id, sum(amount) AS applied FROM applications GROUP BY payment_id) own"
        " USING (payment_id) WHERE payments.applied <> coalesce(own.applied, 0)"
    )
    assert by_payment == 0, "what is applied of a payment is what it pays"
    assert [each async for _, found in differences(work) for each in found] == []


async def agreed(
    work: Work,
    customer: Customer,
    object_code: str,
    price: str | Decimal,
    *,
    on: date | None = None,
    signing: Sequence[tuple[Party, Person]] = (
        (Party.CUSTOMER, MANAGER_A),
        (Party.SALESPERSON, MANAGER_A),
        (Party.MANAGER, SUPERVISOR),
    ),
) -> Preliminary:
    """A preliminary agreement with the signatures of `signing`, by default all three (B-05)."""
    await enter(work, MANAGER_A)
    command = DrawUp(f"D-{new_id()}", object_code, customer.key, Decimal(price), on)
    preliminary = await preliminary_agreements.draw_up(work, command)
    for party, person in signing:
        await enter(work, person)
        signature = SignPreliminary(
            preliminary.preliminary_id,
            preliminary.version,
            party,
            "王先生" if party is Party.CUSTOMER else None,
            on=on,
        )
        preliminary = await preliminary_agreements.sign_for(work, signature)
    return preliminary


async def enter(work: Work, person: Person) -> None:
    """Let `work` be that of a request by `person`."""
    work.caller = Caller(person.code, person.unit, frozenset(person.roles))
    await work.run(
        "SELECT kit.enter(:staff, :unit, :today)",
        {"staff": person.code, "unit": person.unit, "today": work.today},
    )
