"""`verify books`: whatever is kept beside the ledger is compared with it (B-34)."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from typer.testing import CliRunner, Result

from services.billing.app import SERVICE
from services.billing.consumers import CONSUMERS
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.settings import Settings
from services.billing.storage.books.verification import differences
from shared.auth import Caller
from shared.cli.main import build
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    JANUARY,
    as_fact,
    cancelled,
    charge,
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
)


async def furnish(work: Work) -> None:
    """Books with a little of everything, a ruling over old revenue, and a closed month."""
    await take(work, *FACTS, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    await take(work, billed("C-9", 10))
    await take(work, split(ELECTRONICS, {"SZ": "1"}, version=2, rule="ruling"))
    work.caller = Caller(
        PROVINCE_FINANCE.code, PROVINCE_FINANCE.unit, frozenset(PROVINCE_FINANCE.roles)
    )
    await close_month.handle(work, CloseMonth(JANUARY.replace(day=1)))


async def found(work: Work) -> set[str]:
    """The names of the checks that found something."""
    return {check async for check, each in differences(work) if each}


@pytest.mark.parametrize(
    ("altered", "checks"),
    [
        ("UPDATE balances SET balance = balance + 1", {"balances"}),
        ("UPDATE balances SET version = version + 1", {"balances"}),
        ("DELETE FROM balances", {"balances"}),
        ("UPDATE items SET amount = amount + 1", {"items"}),
        ("UPDATE charges SET cancelled = cancelled + 1", {"charges"}),
        ("UPDATE payments SET returned = returned + 1 WHERE ref = 'P-2'", {"unapplied"}),
        ("UPDATE payments SET applied = applied - 1 WHERE ref = 'P-1'", {"payments", "unapplied"}),
        ("UPDATE postings SET amount = amount + 1", {"postings"}),
        ("UPDATE granted_discounts SET amount = amount + 1", {"discounts"}),
        ("UPDATE closed_accounts SET balance = balance + 1", {"closed-accounts"}),
        ("UPDATE closed_revenue SET base = base + 1", {"closed-revenue"}),
        (
            "UPDATE journal SET amount = amount + 1 WHERE kind = 'revenue' AND credit = 'revenue'",
            {"postings", "closed-accounts", "closed-revenue"},
        ),
        (
            "UPDATE journal SET amount = amount + 1 WHERE reverses IS NOT NULL",
            {"postings", "reversals"},
        ),
        (
            "UPDATE journal SET booked_on = '2026-02-01' WHERE kind = 'payment'",
            {"closed-accounts"},
        ),
    ],
)
async def test_whatever_was_altered_is_found_b_34(
    work: Work, altered: str, checks: set[str]
) -> None:
    await furnish(work)
    assert await found(work) == set()
    for table in ("balances", "journal", "closed_accounts", "closed_revenue"):
        await work.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await work.run(altered)
    assert await found(work) == checks


async def verify(settings: Settings) -> Result:
    """What the command says."""
    environment = {
        "BILLING_DATABASE_URL": settings.database_url,
        "NATS_URL": settings.nats_url,
        "BILLING_NATS_PASSWORD": settings.nats_password.get_secret_value(),
        "BILLING_DATA_KEYS": settings.data_keys.get_secret_value(),
    }
    return await asyncio.to_thread(
        CliRunner(env=environment).invoke,
        build(SERVICE),
        ["verify", "books"],
        catch_exceptions=False,
    )


async def test_the_command_names_every_difference_and_fails_b_34(
    settings: Settings, process: Runtime
) -> None:
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in FACTS])
    sound = await verify(settings)
    assert (sound.exit_code, "in agreement: trial-balance" in sound.output) == (0, True)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("ALTER TABLE balances DISABLE TRIGGER USER")
        connection.execute("UPDATE balances SET version = version + 1")
    broken = await verify(settings)
    assert (broken.exit_code, "wrong: 2" in broken.output) == (1, True)
    assert f"balances {ELECTRONICS.key} unapplied_cash: 总账 / ledger" in broken.output
