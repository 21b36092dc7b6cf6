"""`verify books` as an operator gives it: it names every difference, and fails (B-34)."""

from __future__ import annotations

import asyncio

import psycopg
from typer.testing import CliRunner, Result

from services.billing.app import SERVICE
from services.billing.consumers import CONSUMERS
from services.billing.settings import Settings
from shared.cli.main import build
from shared.service import Runtime
from tests.services.billing.books import as_fact
from tests.services.billing.storage.books.test_verification import FACTS
from tests.support.cast import ELECTRONICS


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
