"""verify archives and reseal as an operator types them, and advice when a preset is loaded."""

from __future__ import annotations

import asyncio

import psycopg
from typer.testing import CliRunner, Result

from services.registry.app import SERVICE
from shared.cli.main import build
from shared.crypto import new_key
from shared.settings import Settings
from tests.services.registry.api.archive.conftest import File, file
from tests.services.registry.api.conftest import approve, declare

__all__ = ["approve", "declare", "file"]


async def typed(settings: Settings, *arguments: str, keys: str | None = None) -> Result:
    """What the command says."""
    assert settings.mark_keys is not None
    environment = {
        "REGISTRY_DATABASE_URL": settings.database_url,
        "NATS_URL": settings.nats_url,
        "REGISTRY_NATS_PASSWORD": settings.nats_password.get_secret_value(),
        "REGISTRY_DATA_KEYS": keys or settings.data_keys.get_secret_value(),
        "REGISTRY_MARK_KEYS": settings.mark_keys.get_secret_value(),
    }
    return await asyncio.to_thread(
        CliRunner(env=environment).invoke, build(SERVICE), list(arguments), catch_exceptions=False
    )


async def test_x08_the_command_names_a_planted_change_and_fails(
    settings: Settings, file: File
) -> None:
    await file()
    before = await typed(settings, "verify", "archives")
    assert before.exit_code == 0, before.output
    assert "intact: 已封 / sealed 1, 待封 / unsealed 0" in before.output
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("ALTER TABLE archive_audit DISABLE TRIGGER only_ever_added")
        connection.execute("UPDATE archive_audit SET staff_code = 'G009'")
    after = await typed(settings, "verify", "archives")
    assert after.exit_code == 1
    assert "1: 内容被改动 / its content was altered" in after.output


async def test_r74_the_command_rotates_the_keys(settings: Settings, file: File) -> None:
    await file()
    old, new = settings.data_keys.get_secret_value(), new_key()
    rotated = await typed(settings, "reseal", keys=f"{new},{old}")
    # The file, the seal of its log, the marks of a phone and a person, and what was asked when the
    # customer was declared: whom it resembles.
    assert (rotated.exit_code, "sealed anew: 5" in rotated.output) == (0, True), rotated.output
    again = await typed(settings, "reseal", keys=f"{new},{old}")
    assert "sealed anew: 0" in again.output
    assert (await typed(settings, "verify", "archives", keys=new)).exit_code == 0


async def test_c6_loading_the_preset_points_out_the_inversion(
    settings: Settings,
) -> None:
    loaded = await typed(settings, "preset", "load", "city-post-2012")
    assert loaded.exit_code == 0, loaded.output
    assert "C6 archive-freshness" in loaded.output
    assert "platinum stands above gold, yet is updated every 3 months" in loaded.output
    again = await typed(settings, "preset", "load", "city-post-2012")
    assert "every policy is recorded already" in again.output
    assert "C6 archive-freshness" in again.output
