"""Billing's story: revenue shared and re-stated, charges, payments, what goes back, late fees."""

from __future__ import annotations

from datetime import date

from services.billing.sweeps import SWEEPS
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged
from shared.identifiers import derived_id
from shared.work import Works
from tests.services.billing.books import cancelled, charge, owned, payment, revenue, split
from tests.support.cast import ELECTRONICS, INSURER, Customer
from tests.support.retelling import Chapter, Decide, message_of

NEWCOMER = Customer("K-1", "广州新客户有限公司", "GZ", "440106")
STRANGER = Customer("K-2", "从未申报的客户", "GZ", "440106")
RULING = derived_id("a ruling of this story")

QUERIES = {
    "postings": """
        SELECT system, ref, customer_key, occurred_on, decided_on, amount, base, reversed, rule,
            split_id, terms_version
        FROM postings""",
    "shares": """
        SELECT ref, unit, is_increment, -sum(balance)
        FROM entries JOIN postings ON posting_id = source_id
        WHERE account = 'revenue' GROUP BY 1, 2, 3 HAVING sum(balance) <> 0""",
    "balances": """
        SELECT account, customer_key, unit, sum(balance) FROM entries GROUP BY 1, 2, 3
        HAVING sum(balance) <> 0""",
    "charges": "SELECT system, ref, gross, tax, cancelled, state FROM charges",
    "items": """
        SELECT item_id, number, due_on, amount, paid, is_overdue FROM items WHERE amount <> 0""",
    "payments": "SELECT system, ref, amount, returned, applied FROM payments",
    "applications": "SELECT payment_id, item_id, is_named, amount FROM applications",
    "cases": "SELECT system, ref, customer_key, amount FROM compliance_cases",
    "fates": "SELECT system, type, ref, state, reason ->> 'code' FROM kit.fates",
    "waiting": "SELECT DISTINCT kind, key, ref FROM kit.waiting",
    "letters": "SELECT ref, code FROM kit.dead_letters",
}


def story() -> list[Chapter]:
    """Winter, then what is learned late; the sweeps of February and of March decide."""
    return [
        Chapter([message_of(event) for event in _WINTER], _sweep_on(date(2026, 2, 20))),
        Chapter([message_of(event) for event in _LATE], _sweep_on(date(2026, 3, 15))),
    ]


def _merged(version: int, survivor: Customer | None) -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=version),
        customer_key=INSURER.key,
        survivor=survivor.key if survivor else None,
        on=date(2026, 1, 10),
    )


_SPLIT = {"GZ": "0.5", "SZ": "0.5"}
_BEYOND = {"GZ-TH": "0.7", "SZ": "0.3"}

_WINTER = [
    NEWCOMER.changed(),
    owned(NEWCOMER),
    owned(NEWCOMER, "SZ", version=2, on=date(2026, 2, 1)),
    owned(ELECTRONICS, on=date(2026, 1, 5)),
    owned(INSURER),
    _merged(1, ELECTRONICS),
    charge(ELECTRONICS, "C-5", "40.00", due=date(2026, 1, 5)),
    payment(ELECTRONICS, "P-11", "95.00", on=date(2026, 1, 9)),
    split(ELECTRONICS, _SPLIT, version=1, on=date(2026, 2, 1)),
    split(
        *(ELECTRONICS, {"GZ": "1"}),
        version=2,
        on=date(2026, 1, 20),
        increment=_BEYOND,
        base_amount="250",
    ),
    revenue(ELECTRONICS, "R-1", "100.01", on=date(2026, 1, 1)),
    revenue(ELECTRONICS, "R-2", "80.33", on=date(2026, 1, 25)),
    revenue(ELECTRONICS, "R-3", "170.07", on=date(2026, 2, 3)),
    revenue(ELECTRONICS, "R-4", "-40.01", on=date(2026, 2, 10), reverses="R-2"),
    revenue(ELECTRONICS, "R-5", "-20.02", on=date(2026, 2, 11), reverses="R-2"),
    revenue(NEWCOMER, "R-6", "60.00", on=date(2026, 1, 31)),
    revenue(NEWCOMER, "R-7", "60.00", on=date(2026, 2, 1)),
    revenue(STRANGER, "R-8", "1.00"),
    revenue(NEWCOMER, "R-9", "-1.00", reverses="R-0"),
    charge(INSURER, "C-1", "500.00", rate="0.06"),
    charge(
        *(INSURER, "C-2", "300.00"),
        due=date(2026, 2, 28),
        parts={date(2026, 1, 31): "100.00", date(2026, 2, 28): "200.00"},
    ),
    charge(NEWCOMER, "C-3", "90.00", tax="5.09"),
    charge(NEWCOMER, "C-4", "70.00", due=date(2026, 1, 15)),
    cancelled("X-1", "C-1", "120.00"),
    payment(INSURER, "P-1", "200.00", "C-2", on=date(2026, 2, 5)),
    payment(INSURER, "P-2", "150.00", on=date(2026, 1, 20)),
    payment(INSURER, "P-3", "-50.00", reverses="P-2", on=date(2026, 1, 25)),
    payment(NEWCOMER, "P-4", "100.00", on=date(2026, 1, 10)),
    payment(NEWCOMER, "P-5", "30.00", "C-4", "C-3", on=date(2026, 1, 12)),
    payment(NEWCOMER, "P-6", "5.00", "C-9", on=date(2026, 1, 13)),
    payment(NEWCOMER, "P-7", "10.00", on=date(2026, 1, 13), account="6222-0000-11"),
]

_LATE = [
    split(
        *(ELECTRONICS, {"SZ": "0.7", "GZ": "0.3"}),
        version=3,
        on=date(2026, 1, 10),
        rule="ruling",
        ruling_id=RULING,
    ),
    owned(NEWCOMER, "GZ-TH", version=3, on=date(2026, 1, 15)),
    _merged(2, None),
    revenue(ELECTRONICS, "R-10", "55.55", on=date(2026, 1, 2)),
    revenue(ELECTRONICS, "R-11", "-100.01", on=date(2026, 3, 1), reverses="R-1"),
    charge(NEWCOMER, "C-9", "8.00", due=date(2026, 1, 20)),
    cancelled("X-2", "C-4", "20.00"),
    cancelled("X-3", "C-3"),
    payment(INSURER, "P-8", "100.00", "C-1", on=date(2026, 1, 30)),
    payment(INSURER, "P-9", "77.77", on=date(2026, 2, 1)),
    payment(INSURER, "P-10", "-200.00", reverses="P-1", on=date(2026, 3, 2)),
]


def _sweep_on(day: date) -> Decide:
    async def sweep(works: Works) -> None:
        for each in SWEEPS:
            async with works.begin(today=day) as work:
                await each.handler(work, day)

    return sweep
