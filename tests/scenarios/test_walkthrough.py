"""The walk-through runs as it is shown: from a declaration to a hand-over, and the tampering."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.cast import CAST, load_cast
from deploy.local.suite import Suite
from shared.clock import SystemClock
from tests.architecture.sources import ROOT

SCRIPT = ROOT / "docs" / "examples" / "walkthrough.sh"
SECONDS = 240
"""Far more than it takes, for a machine that has much else to do."""


def _give_tokens(suite: Suite) -> None:
    """The tokens of the cast, where `make run` puts them."""
    folder = suite.var / "tokens"
    folder.mkdir()
    now = SystemClock().now()
    for person in CAST:
        token = suite.environment.issuer.mint(person.staff_code, person.unit, person.roles, now)
        (folder / person.staff_code).write_text(token)


@pytest.mark.parametrize("page", ["walkthrough.md", "walkthrough.zh.md"])
def test_a_page_shows_the_script_and_nothing_else(page: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / page).read_text(), flags=re.DOTALL)
    head, _, shown = SCRIPT.read_text().partition("set -euo pipefail\n\n")
    assert head.startswith("#!/usr/bin/env bash\n")
    assert "\n".join(blocks) == shown


@pytest.mark.broker
def test_the_walkthrough_runs_to_its_end(suite: Suite) -> None:
    """R-20, R-33, R-37, R-48, R-52, R-21: every call of it is answered as the page says."""
    load_cast(suite)
    _give_tokens(suite)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(suite.var),
        "REGISTRY": suite.urls["registry"],
        "VAR": str(suite.var),
        "PYTHON": sys.executable,
    }
    run = subprocess.run(
        ["bash", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    said = [line for line in lines if not re.fullmatch(r"[0-9a-f-]{36}|[0-9a-f]{64}|W\d+", line)]
    assert said[:10] == [
        *("approved", "天河区", "active", "G004", "contract", "P002", "0.3"),
        *("left", "started", "started"),
    ], run.stdout
    assert said[10] in ("started", "completed"), "as fast as the other services answer"
    assert said[11:13] == ["G005", "completed"], run.stdout
    found = [line for line in lines if "完好" in line]
    assert [bool(re.search("有误", line)) for line in found] == [False, True, False]
    assert "tampering found" in lines
    for name in ("declaration.pdf", "classification.xlsx"):
        assert (Path(suite.var) / name).stat().st_size > 5_000, name
