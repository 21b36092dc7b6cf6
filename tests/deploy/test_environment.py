from __future__ import annotations

from pathlib import Path

from deploy import environment
from shared.crypto import Box
from tests.architecture.sources import SERVICES


def _variables(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def test_every_secret_is_fresh_and_only_we_may_read_it(tmp_path: Path) -> None:
    assert environment.write(tmp_path) == []
    suite, broker = _variables(tmp_path / ".env"), _variables(tmp_path / ".env.nats")
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert (tmp_path / ".env.nats").stat().st_mode & 0o077 == 0
    passwords = [value for name, value in [*suite.items(), *broker.items()] if "PASSWORD" in name]
    # A service's password of the broker stands in both files.
    assert len(set(passwords)) == len(passwords) - len(SERVICES) - 1
    for service in SERVICES:
        assert Box(suite[f"{service.upper()}_DATA_KEYS"]).open(
            Box(suite[f"{service.upper()}_DATA_KEYS"]).seal(b"x")
        )
        assert suite[f"{service.upper()}_NATS_PASSWORD"] in broker.values()


def test_secrets_that_are_there_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=kept\n")
    assert environment.write(tmp_path) == [".env"]
    assert (tmp_path / ".env").read_text() == "POSTGRES_PASSWORD=kept\n"
    assert not (tmp_path / ".env.nats").exists()


def test_no_password_looks_like_a_number_or_a_variable() -> None:
    assert all(environment.new_password().startswith("p") for _ in range(20))
