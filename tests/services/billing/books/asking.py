"""What the books say, and what was told."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from services.billing.storage.books.verification import differences
from shared.work import Work
from tests.support.cast import Customer


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


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


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
