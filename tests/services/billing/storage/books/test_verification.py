"""Whatever is kept beside the ledger is compared with it, by amount and by day (B-34)."""

from __future__ import annotations

from datetime import date

import pytest

from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.storage.books.verification import differences
from shared.work import Work
from tests.services.billing.books import (
    cancelled,
    charge,
    enter,
    opening,
    owned,
    payment,
    revenue,
    split,
    take,
)
from tests.services.billing.handlers.concessions.giving import billed, in_force, tiered
from tests.support.cast import ELECTRONICS, PROVINCE_FINANCE

FACTS = (
    owned(ELECTRONICS),
    opening(ELECTRONICS, "I-1", 77),
    revenue(ELECTRONICS, "R-1", 100),
    revenue(ELECTRONICS, "R-2", -30, reverses="R-1"),
    charge(ELECTRONICS, "C-1", 60, rate="0.06"),
    cancelled("X-1", "C-1", "10.00"),
    payment(ELECTRONICS, "P-1", 40, "C-1"),
    payment(ELECTRONICS, "P-2", 500),
    payment(ELECTRONICS, "P-3", 3),
    payment(ELECTRONICS, "P-4", -2, reverses="P-3"),
)
FEES = {"late-fees", "fee-decisions"}
CLOSED = {"closed-accounts", "closed-revenue"}
GUARDED = (
    "journal",
    "balances",
    "closed_months",
    "closed_accounts",
    "closed_revenue",
    "late_fee_decisions",
    "charge_cancellations",
    "payment_returns",
)


async def furnish(work: Work) -> None:
    """Books with a little of everything, a ruling over old revenue, and two closed months."""
    await take(work, *FACTS, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    await take(work, billed("C-9", 10))
    await enter(work, PROVINCE_FINANCE)
    for month in (date(2025, 12, 1), date(2026, 1, 1)):
        await close_month.handle(work, CloseMonth(month))
    await take(work, split(ELECTRONICS, {"SZ": "1"}, version=2, rule="ruling"))


async def found(work: Work) -> set[str]:
    """The names of the checks that found something."""
    return {check async for check, each in differences(work) if each}


async def alter(work: Work, statement: str) -> None:
    """What somebody does who owns the tables and takes their guards away."""
    for table in GUARDED:
        await work.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await work.run(statement)


KEPT = [
    ("UPDATE balances SET balance = balance + 1", {"balances"}),
    ("UPDATE balances SET version = version + 1", {"balances"}),
    ("DELETE FROM balances", {"balances"}),
    ("UPDATE items SET amount = amount + 1 WHERE fee_of IS NULL", {"items"}),
    ("UPDATE items SET amount = amount + 1 WHERE fee_of IS NOT NULL", {"items", *FEES}),
    ("UPDATE items SET amount = 9, paid = 9 WHERE fee_of IS NOT NULL", {"paid", *FEES}),
    ("UPDATE items SET written_off = 1 WHERE fee_of IS NULL", {"written-off"}),
    ("UPDATE late_fee_decisions SET waived = waived + 1", {"fee-decisions"}),
    (
        "INSERT INTO write_off_entries SELECT item_id, '2026-01-20', customer_key, 1 FROM items",
        {"write-offs"},
    ),
    ("UPDATE charges SET cancelled = cancelled + 1", {"cancellations"}),
    (
        "UPDATE charges SET gross = gross + 1, cancelled = cancelled + 1",
        {"charges", "cancellations"},
    ),
    ("UPDATE charges SET tax = tax + 1", {"charges"}),
    ("UPDATE charges SET issued_on = issued_on + 1", {"charges"}),
    ("UPDATE charge_cancellations SET cancelled_on = cancelled_on + 1", {"charges"}),
    ("UPDATE payments SET returned = returned + 1 WHERE ref = 'P-2'", {"unapplied", "returns"}),
    ("UPDATE payments SET amount = 501, returned = 1 WHERE ref = 'P-2'", {"funds", "returns"}),
    ("UPDATE payments SET received_on = received_on + 1 WHERE ref = 'P-2'", {"funds"}),
    ("UPDATE payments SET fund = 'opening' WHERE ref = 'P-2'", {"funds"}),
    ("UPDATE payments SET applied = applied - 1 WHERE ref = 'P-1'", {"payments", "unapplied"}),
    ("UPDATE payment_returns SET returned_on = returned_on + 1", {"funds"}),
    ("UPDATE applications SET event_on = event_on + 1", {"applications"}),
    ("UPDATE applications SET item_id = gen_random_uuid()", {"applications", "paid"}),
    ("UPDATE postings SET amount = amount + 1", {"postings", "reversed"}),
    ("UPDATE postings SET base = base - 1", {"postings"}),
    ("UPDATE postings SET occurred_on = occurred_on + 1", {"postings"}),
    ("UPDATE postings SET reversed = reversed + 1 WHERE reversed <> 0", {"reversed"}),
    ("UPDATE granted_discounts SET amount = amount + 1", {"discounts"}),
    ("UPDATE granted_discounts SET event_on = event_on + 1", {"discounts"}),
    (
        "INSERT INTO compensations SELECT payment_id, payment_id, customer_key, NULL, 1,"
        " received_on, NULL, recorded_at FROM payments WHERE ref = 'P-1'",
        {"compensations"},
    ),
]
MONTHS = [
    ("UPDATE closed_accounts SET balance = balance + 1", {"closed-accounts"}),
    ("UPDATE closed_accounts SET debit = debit + 1, credit = credit + 1", {"closed-accounts"}),
    ("DELETE FROM closed_accounts WHERE account = 'revenue'", {"closed-accounts"}),
    ("UPDATE closed_revenue SET base = base + 1", {"closed-revenue"}),
    ("UPDATE closed_revenue SET base = 0, increment = base", {"closed-revenue"}),
    ("UPDATE closed_months SET late_lines = late_lines + 1", {"closed-months"}),
    ("UPDATE closed_months SET postings = postings + 1", {"closed-months"}),
    (
        "UPDATE closed_months SET month = '2025-11-01' WHERE month = '2025-12-01'",
        {"months"},
    ),
    ("DELETE FROM closed_months WHERE month = '2026-01-01'", {"lines", *CLOSED}),
]
LEDGER = [
    ("DELETE FROM accounts WHERE account = 'bank'", {"trial-balance"}),
    (
        "UPDATE journal SET amount = amount + 1 WHERE kind = 'revenue' AND credit = 'revenue'",
        {"postings", "shares", *CLOSED},
    ),
    (
        "UPDATE journal SET amount = amount + 1 WHERE reverses IS NOT NULL",
        {"postings", "shares", "reversals"},
    ),
    (
        "UPDATE journal SET debit = 'discounts' WHERE reverses IS NOT NULL AND debit = 'revenue'",
        {"postings", "shares", "reversals", "discounts"},
    ),
    ("UPDATE journal SET unit = 'SZ' WHERE reverses IS NOT NULL", {"shares", "reversals"}),
    ("UPDATE journal SET booked_on = '2026-02-02' WHERE booked_on IS NOT NULL", {"lines"}),
    ("UPDATE journal SET booked_on = '2026-02-01' WHERE kind = 'payment'", {"closed-accounts"}),
    (
        "UPDATE journal SET credit = 'billed_clearing' WHERE credit = 'output_vat'",
        {"charges", "closed-accounts"},
    ),
    (
        "UPDATE journal SET debit = 'billed_clearing' WHERE kind = 'payment'",
        {"funds", "closed-accounts"},
    ),
    ("UPDATE journal SET event_on = event_on - 1 WHERE kind = 'payment'", {"funds"}),
    ("UPDATE journal SET event_on = event_on - 1 WHERE kind = 'application'", {"applications"}),
    ("UPDATE journal SET business_line = 'letters' WHERE booked_on > event_on", {"reversals"}),
    (
        "UPDATE journal SET business_line = 'letters' WHERE kind = 'revenue'",
        {"postings", "reversals", "closed-revenue"},
    ),
]


@pytest.mark.parametrize(("altered", "checks"), [*KEPT, *MONTHS, *LEDGER])
async def test_whatever_was_altered_is_found_b_34(
    work: Work, altered: str, checks: set[str]
) -> None:
    await furnish(work)
    assert await found(work) == set()
    await alter(work, altered)
    assert await found(work) == checks
