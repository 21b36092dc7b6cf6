"""import, as an operator types it: a table for people, JSON for programs, an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shared.cli.main import build
from shared.service import Service
from shared.settings import Settings
from tests.shared.importing.conftest import REVENUE

HEADER = "编号,客户,金额,日期\n"


@pytest.fixture
def typed(
    service: Service, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    """A command line in a folder of its own, with the environment of the service."""
    monkeypatch.chdir(tmp_path)
    return CliRunner(
        env={
            "DATABASE_URL": settings.database_url,
            "NATS_URL": settings.nats_url,
            "NATS_PASSWORD": settings.nats_password.get_secret_value(),
            "DATA_KEYS": settings.data_keys.get_secret_value(),
        }
    )


def run(typed: CliRunner, service: Service, text: str, mapping: str = REVENUE) -> Result:
    """A dry run of `text`."""
    Path("a.csv").write_text(text, encoding="utf-8")
    Path("m.yaml").write_text(mapping, encoding="utf-8")
    arguments = ["import", "revenue", "a.csv", "--mapping", "m.yaml", "--dry-run"]
    return typed.invoke(build(service), arguments)


def test_everything_good_is_0_and_the_report_is_json(typed: CliRunner, service: Service) -> None:
    done = run(typed, service, HEADER + "R1,C1,10.50,2024-03-01\n")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["good"] == {"revenue_recorded": 1}
    assert report["sums"]["revenue_recorded.amount"]["sent"] == "10.50"
    assert "有效 / good" in done.stderr


def test_bad_rows_are_1_and_lie_in_an_error_file_of_that_name(
    typed: CliRunner, service: Service
) -> None:
    done = run(typed, service, HEADER + "R1,C1,x,2024-03-01\n")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error_file"] == "a.revenue.errors.csv"
    assert Path("a.revenue.errors.csv").exists()


def test_a_file_that_cannot_be_begun_is_2_with_the_reason_in_both_languages(
    typed: CliRunner, service: Service
) -> None:
    done = run(typed, service, "编号,客户\nR1,C1\n")
    assert done.exit_code == 2
    assert "文件缺少列：日期、金额" in done.stderr
    assert "lacks the columns" in done.stderr
    assert done.stdout == ""


def test_a_kind_that_the_service_does_not_have_is_told_with_those_it_has(
    typed: CliRunner, service: Service, tmp_path: Path
) -> None:
    Path("a.csv").write_text("a\n")
    done = typed.invoke(build(service), ["import", "gifts", "a.csv"])
    assert done.exit_code == 2
    assert "widgets" in done.output
