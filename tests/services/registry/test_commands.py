"""verify declarations, as an operator types it (R-21)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
from typer.testing import CliRunner, Result

from services.registry.app import SERVICE
from services.registry.settings import Settings
from shared.cli.main import build
from tests.services.registry.api.conftest import Declare, approve, declare

__all__ = ["approve", "declare"]
_PLANT = (
    "ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added",
    "UPDATE declaration_chain SET payload = replace(payload, '天河', '番禺') || ' '"
    " WHERE sequence = 2",
)


async def verify(settings: Settings, *options: str) -> Result:
    """What the command says."""
    environment = {
        "REGISTRY_DATABASE_URL": settings.database_url,
        "NATS_URL": settings.nats_url,
        "REGISTRY_NATS_PASSWORD": settings.nats_password.get_secret_value(),
        "REGISTRY_DATA_KEYS": settings.data_keys.get_secret_value(),
        "REGISTRY_MARK_KEYS": settings.mark_keys.get_secret_value(),
    }
    arguments = ["verify", "declarations", *options]
    return await asyncio.to_thread(
        CliRunner(env=environment).invoke, build(SERVICE), arguments, catch_exceptions=False
    )


async def test_r21_the_command_names_the_planted_change_and_fails(
    settings: Settings, approve: Declare, tmp_path: Path
) -> None:
    noted = tmp_path / "ends.txt"
    await approve()
    await approve(customer={"name": "广州北方纺织有限公司"})
    before = await verify(settings, "--noted", str(noted))
    assert (before.exit_code, "intact: 6" in before.output) == (0, True)
    with psycopg.connect(settings.database_url) as connection:
        for statement in _PLANT:
            connection.execute(statement)
    after = await verify(settings, "--noted", str(noted))
    assert after.exit_code == 1
    assert "2: 内容被改动 / its content was altered" in after.output
    assert "wrong: 1" in after.output


async def test_r21_the_ends_noted_are_kept_and_one_that_never_was_is_found(
    settings: Settings, approve: Declare, tmp_path: Path
) -> None:
    noted = tmp_path / "ends.txt"
    await approve()
    for _ in range(2):
        await verify(settings, "--noted", str(noted))
    (end,) = noted.read_text(encoding="utf-8").splitlines()
    assert end.startswith("3:")
    assert (await verify(settings, "--head", end)).exit_code == 0
    rewritten = await verify(settings, "--head", f"1:{'a' * 64}", "--head", f"9:{'b' * 64}")
    assert rewritten.exit_code == 1
    assert "1: 与留存的链尾不符" in rewritten.output
    assert "9: 链止于第 3 条" in rewritten.output
    wrong = await verify(settings, "--head", "gestern")
    assert (wrong.exit_code, "Not a chain head" in wrong.output) == (1, True)
