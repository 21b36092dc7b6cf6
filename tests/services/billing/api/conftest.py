"""A year's books of three customers, asked over HTTP."""

from __future__ import annotations

from datetime import date

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.handlers.arrears import dun
from services.billing.handlers.receivables import sweep_accounts
from shared.service import Runtime
from tests.services.billing.books import as_fact, charge, owned, payment, revenue, split
from tests.support.cast import ELECTRONICS, INSURER, SOFTWARE


@pytest.fixture
async def furnished(process: Runtime) -> Runtime:
    """Two customers of Guangzhou and one of Shenzhen, with revenue, charges and payments."""
    facts = [
        owned(INSURER),
        owned(SOFTWARE),
        split(
            ELECTRONICS,
            {"GZ": "0.6", "SZ": "0.4"},
            increment={"GZ-TH": "1"},
            base_amount="150",
        ),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 10)),
        revenue(ELECTRONICS, "R-2", 100, on=date(2026, 2, 10), line="letters"),
        revenue(ELECTRONICS, "R-3", -30, on=date(2026, 2, 11), line="letters", reverses="R-2"),
        revenue(INSURER, "R-4", 50, on=date(2026, 2, 12)),
        revenue(SOFTWARE, "R-5", 70, on=date(2026, 2, 13)),
        charge(ELECTRONICS, "C-1", 1060, rate="0.06", issued=date(2025, 12, 1), due=DUE),
        charge(INSURER, "C-2", 500, issued=date(2026, 3, 1), due=date(2026, 3, 31)),
        charge(SOFTWARE, "C-3", 300, issued=date(2026, 1, 1), due=date(2026, 1, 31)),
        payment(ELECTRONICS, "P-1", 560, "C-1", on=date(2026, 1, 10)),
        payment(ELECTRONICS, "P-9", 10, account="6222-0000-1111"),
        payment(INSURER, "P-2", 600, on=date(2026, 3, 5)),
    ]
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    async with process.works.begin(today=date(2026, 2, 28)) as work:
        await sweep_accounts.overdue(work, date(2026, 2, 28))
        await sweep_accounts.late_fees_grow(work, date(2026, 2, 28))
        await dun.handle(work, date(2026, 2, 28))
    return process


DUE = date(2025, 12, 20)
