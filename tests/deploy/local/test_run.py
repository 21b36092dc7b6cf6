"""`make run` as a person sees it: everything starts, answers, and leaves with Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.cast import CAST
from tests.architecture.sources import ROOT, SERVICES

START_SECONDS = 150
STOP_SECONDS = 30
COMMAND = (sys.executable, "-m", "deploy.local", "run")


@dataclass
class Started:
    """A local start in a process of its own."""

    process: subprocess.Popen[bytes]
    var: Path
    output: Path

    @property
    def text(self) -> str:
        """What it printed so far."""
        return self.output.read_text(errors="replace")

    def url(self, service: str) -> str:
        """Where `service` is, as it was printed."""
        found = re.search(rf"{service}\s+\S*\s*(http://127\.0\.0\.1:\d+)", self.text)
        assert found is not None, self.text
        return found.group(1)

    def get(self, service: str, path: str, staff_code: str) -> tuple[int, object]:
        """Status and body of a GET as somebody of the cast."""
        token = (self.var / "tokens" / staff_code).read_text()
        request = urllib.request.Request(
            self.url(service) + path, headers={"authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)


@pytest.fixture(scope="module")
def started() -> Iterator[Started]:
    """`python -m deploy.local run`, up; interrupted in the end if a test has not done so."""
    with tempfile.TemporaryDirectory(prefix="dakehu-run-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        output = Path(folder) / "output"
        with output.open("wb") as out:
            process = subprocess.Popen(
                [*COMMAND, "--any-port", "--var", f"{folder}/var"],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        run = Started(process, Path(folder) / "var", output)
        deadline = time.monotonic() + START_SECONDS
        while "curl " not in run.text:
            assert process.poll() is None, run.text
            assert time.monotonic() < deadline, run.text
            time.sleep(0.2)
        yield run
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_every_service_answers_where_it_was_said_to_be(started: Started) -> None:
    for service in SERVICES:
        with urllib.request.urlopen(f"{started.url(service)}/v1/docs", timeout=10) as answer:
            assert answer.status == 200


def test_a_token_is_good_in_every_service_for_everybody_of_the_cast(started: Started) -> None:
    operator = next(person for person in CAST if "operator" in person.roles)
    for service in SERVICES:
        assert started.get(service, "/v1/dead-letters", operator.staff_code)[0] == 200
    for person in CAST:
        assert started.get("tiering", "/v1/policies", person.staff_code)[0] == 200


def test_a_token_is_printed_for_every_role(started: Started) -> None:
    for person in CAST:
        printed = re.search(rf"{person.roles[0]} {person.staff_code} \(.*\)\n(\S+)\n", started.text)
        assert printed is not None, started.text
        assert printed.group(1).count(".") == 2


def test_the_first_command_that_is_printed_is_answered(started: Started) -> None:
    assert f"{started.url('registry')}/v1/units" in started.text
    status, units = started.get("registry", "/v1/units", CAST[0].staff_code)
    assert status == 200
    assert "GZ-TH-01" in json.dumps(units)


def test_another_shell_is_told_what_the_operators_commands_need(started: Started) -> None:
    (said,) = re.findall(r"^set -a; \. (\S+); set \+a$", started.text, re.MULTILINE)
    assert Path(said) == started.var / "environment"
    assert Path(said).stat().st_mode & 0o077 == 0
    typed = f"set -a; . {said}; set +a; {sys.executable} -m services.billing drain --wait"
    shell = {"PATH": os.environ["PATH"]}
    done = subprocess.run(typed, shell=True, cwd=ROOT, env=shell, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_token_can_be_had_for_people_whom_an_operator_brought_in(started: Started) -> None:
    command = [sys.executable, "-m", "deploy.local", "token", "G004", "GZ", "account_manager"]
    said = subprocess.run(
        [*command, "--var", str(started.var)], cwd=ROOT, capture_output=True, check=True, text=True
    )
    (started.var / "tokens" / "own").write_text(said.stdout.strip())
    assert started.get("registry", "/v1/units", "own")[0] == 200
    nowhere = [*command, "--var", str(started.var / "nowhere")]
    assert subprocess.run(nowhere, cwd=ROOT, capture_output=True, check=False).returncode == 2


def test_the_tokens_are_said_to_be_for_development_only(started: Started) -> None:
    assert "DEVELOPMENT TOKEN" in started.text


def test_a_second_start_on_the_same_data_is_refused(started: Started) -> None:
    second = subprocess.run(
        [*COMMAND, "--var", str(started.var)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "in use" in second.stdout


def test_ctrl_c_ends_everything_in_good_order(started: Started) -> None:
    began = time.monotonic()
    started.process.send_signal(signal.SIGINT)
    assert started.process.wait(60) == 0, started.text
    assert time.monotonic() - began < STOP_SECONDS
    assert not (started.var / "environment").exists()
    for log in (started.var / "log").glob("*.log"):
        assert "Finished server process" in log.read_text(), log.name


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_that_is_interrupted_leaves_in_good_order(
    server_folder: Path, number: signal.Signals
) -> None:
    var = server_folder / f"interrupted-{number.name}"
    output = server_folder / f"interrupted-{number.name}.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [*COMMAND, "--any-port", "--var", str(var)], cwd=ROOT, stdout=out, stderr=out
        )
    deadline = time.monotonic() + START_SECONDS
    while "PostgreSQL" not in output.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(60) == 130, output.read_text()
    assert "Traceback" not in output.read_text()
    assert not (var / "postgres" / "postmaster.pid").exists()
