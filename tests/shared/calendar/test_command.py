"""calendar load and show, as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from shared.calendar.command import add_commands
from shared.service import Service
from shared.settings import Settings
from tests.shared.calendar.test_corrections import notice


@pytest.fixture
def run(settings: Settings) -> CliRunner:
    """A command line whose environment is that of the service's own database."""
    environment = {
        "DATABASE_URL": settings.database_url,
        "NATS_URL": settings.nats_url,
        "NATS_PASSWORD": settings.nats_password.get_secret_value(),
        "DATA_KEYS": settings.data_keys.get_secret_value(),
    }
    return CliRunner(env=environment)


def test_a_year_is_refused_until_it_is_loaded(
    run: CliRunner, service: Service, tmp_path: Path
) -> None:
    app = _app(service)
    before = run.invoke(app, ["calendar", "show", "2027"])
    assert before.exit_code == 1
    assert "尚未公布" in before.output
    file = tmp_path / "2027.json"
    file.write_text(notice(2027, ("2027-02-20", False)), encoding="utf-8-sig")
    loaded = run.invoke(app, ["calendar", "load", str(file)])
    assert loaded.output == "8 days recorded, 0 known already; announced in full: 2027\n"
    after = run.invoke(app, ["calendar", "show", "2027"])
    assert "2027-02-20  上班 worked  调休" in after.output
    assert "2027-02-06  春节" in after.output
    assert after.exit_code == 0


def test_an_empty_year_is_refused(run: CliRunner, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "2027.json"
    file.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    refused = run.invoke(_app(service), ["calendar", "load", str(file)])
    assert refused.exit_code == 1
    assert "not announced" in refused.output


def _app(service: Service) -> typer.Typer:
    app = typer.Typer()
    add_commands(app, service)
    return app
