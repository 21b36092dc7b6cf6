"""Tiering's story: revenue re-stated, denominators corrected, usage taken back, and the scores."""

from __future__ import annotations

from datetime import date

from services.tiering.handlers.scoring import run_scores
from services.tiering.handlers.scoring.run_scores import StartRun
from services.tiering.sweeps import SWEEPS
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged, UnitLevel
from shared.work import Works
from tests.services.tiering.events import owned, posted, reported_revenue, used
from tests.support.cast import (
    ELECTRONICS,
    INSURER,
    MARKET_DEPARTMENT,
    SOFTWARE,
    Customer,
    Unit,
)
from tests.support.retelling import Chapter, Decide, message_of

NEWCOMER = Customer("K-1", "广州新客户有限公司", "FS", "440600", "44060000001000")
STRANGER = Customer("K-2", "从未申报的客户", "GZ", "440106")
FOSHAN = Unit("FS", "佛山市邮政局大客户中心", "GD", UnitLevel.CITY, "territorial", "440600")

QUERIES = {
    "postings": """
        SELECT posting_id, version, customer_key, occurred_on, business_line, shares::text
        FROM postings""",
    "totals": """
        SELECT customer_key, month, business_line, unit, amount, postings FROM totals
        WHERE amount <> 0 OR postings <> 0""",
    "denominators": """
        SELECT system, ref, unit, business_line, year, amount, reported_on FROM unit_revenue""",
    "usage": """
        SELECT system, ref, customer_key, metric, period, value, net, reverses_ref FROM usage""",
    "owners": "SELECT customer_key, version, unit, effective_on FROM owners",
    "scores": """
        SELECT DISTINCT ON (customer_key, scheme, cut_off) customer_key, scheme, period, cut_off,
            raw, shown, tier
        FROM scores ORDER BY customer_key, scheme, cut_off, version DESC""",
    "proposals": """
        SELECT customer_key, scheme, period, kind, before, after, state FROM proposals""",
    "stale": """
        SELECT scores.customer_key, scheme, cut_off, what, stale_scores.before, now
        FROM stale_scores JOIN scores USING (score_id, version)""",
    "fates": "SELECT system, type, ref, state, reason ->> 'code' FROM kit.fates",
    "waiting": "SELECT DISTINCT kind, key, ref FROM kit.waiting",
    "letters": "SELECT ref, code FROM kit.dead_letters",
}


def story() -> list[Chapter]:
    """A year, the scores of it, what is learned late, and the scores of it again."""
    return [
        Chapter([message_of(event) for event in _YEAR], _scores_on(date(2026, 1, 20))),
        Chapter([message_of(event) for event in _LATE], _scores_on(date(2026, 2, 20))),
    ]


def _merged(version: int, survivor: Customer | None) -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(SOFTWARE.key), version=version),
        customer_key=SOFTWARE.key,
        survivor=survivor.key if survivor else None,
        on=date(2025, 7, 1),
    )


_HALVES = {"GZ": "750000.00", "SZ": "750000.00"}

_YEAR = [
    FOSHAN.changed(),
    NEWCOMER.changed(),
    owned(NEWCOMER),
    owned(ELECTRONICS),
    owned(ELECTRONICS, "SZ", version=2, on=date(2025, 9, 1)),
    owned(INSURER),
    owned(SOFTWARE),
    _merged(1, ELECTRONICS),
    _merged(2, None),
    _merged(3, INSURER),
    posted("a", ELECTRONICS.key, "1500000.00"),
    posted("a", ELECTRONICS.key, "1500000.00", version=2, shares=_HALVES),
    posted("a", ELECTRONICS.key, "1500000.00", version=3, on=date(2025, 7, 2)),
    posted("b", ELECTRONICS.key, "250000.50", line="parcels"),
    posted("c", ELECTRONICS.key, "-50000.25", on=date(2025, 8, 1), line="parcels"),
    posted("d", INSURER.key, "900000.00", on=date(2025, 2, 28)),
    posted("e", SOFTWARE.key, "333333.33", on=date(2025, 12, 31)),
    posted("f", NEWCOMER.key, "610000.00", on=date(2025, 3, 1)),
    posted("f", NEWCOMER.key, "600000.00", version=2, on=date(2025, 3, 1)),
    posted("g", STRANGER.key, "10.00"),
    reported_revenue("UR-1", "400000000.00", on=date(2026, 1, 5)),
    reported_revenue("UR-2", "410000000.00", on=date(2026, 1, 9)),
    reported_revenue("UR-3", "300000000.00", unit="SZ", on=date(2026, 1, 5)),
    reported_revenue("UR-4", "90000000.00", unit="FS", on=date(2026, 1, 6)),
    reported_revenue("UR-5", "1.00", unit="NOWHERE", on=date(2026, 1, 6)),
    used("U-1", NEWCOMER, "120"),
    used("U-2", NEWCOMER, "-20", reverses="U-1"),
    used("U-3", NEWCOMER, "-30", reverses="U-1"),
    used("U-4", ELECTRONICS, "77.5", metric="parcels"),
    used("U-5", ELECTRONICS, "-1", reverses="U-0"),
    used("U-6", STRANGER, "5"),
]

_LATE = [
    posted("d", INSURER.key, "1900000.00", version=3, on=date(2025, 2, 28)),
    posted("d", INSURER.key, "1200000.00", version=2, on=date(2025, 2, 28)),
    posted("h", NEWCOMER.key, "150000.00", on=date(2025, 11, 11)),
    owned(INSURER, "FS", version=2, on=date(2025, 6, 1)),
    _merged(4, None),
    reported_revenue("UR-6", "380000000.00", on=date(2026, 2, 1)),
    reported_revenue("UR-7", "95000000.00", unit="FS", on=date(2026, 2, 1)),
    used("U-0", ELECTRONICS, "9"),
    used("U-7", NEWCOMER, "-70", reverses="U-1"),
]


def _scores_on(day: date) -> Decide:
    async def sweep_and_score(works: Works) -> None:
        for each in SWEEPS:
            async with works.begin(today=day) as work:
                await each.handler(work, day)
        for scheme in ("guangdong-post-2005", "city-post-2012"):
            async with works.begin(today=day) as work:
                wish = StartRun(scheme, "2025", None, None, MARKET_DEPARTMENT.code)
                run = await run_scores.start(work, wish)
                assert run.state == "complete"

    return sweep_and_score
