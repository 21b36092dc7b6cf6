from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import folders
from deploy.local.processes import is_open_to_all
from deploy.local.secrets import Secrets
from tests.architecture.sources import ROOT


def test_data_in_use_are_not_cleaned_away(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with folders.held(var), pytest.raises(folders.AlreadyRunning, match="in use"):
        folders.clean(var)
    assert var.exists()
    folders.clean(var)
    assert not var.exists()


def test_cleaning_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    folders.clean(tmp_path / "var")


def test_cleaning_needs_nothing_but_python(tmp_path: Path) -> None:
    probe = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import deploy.local.folders"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", probe], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_folder_below_a_private_one_is_not_open_to_all(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert not is_open_to_all(private / "postgres")


def test_a_secret_stays_the_same_from_one_start_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "var" / "secrets.json"
    made = Secrets(file).get("BILLING_NATS_PASSWORD")
    assert Secrets(file).get("BILLING_NATS_PASSWORD") == made
    assert Secrets(file).get("TIERING_NATS_PASSWORD") != made
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("BILLING_NATS_PASSWORD", "from the environment")
    assert Secrets(file).get("BILLING_NATS_PASSWORD") == "from the environment"
