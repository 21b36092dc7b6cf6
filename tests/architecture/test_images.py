"""A service image imports: shared/ and its own folder, and no package but those of the lock."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, SERVICES
from tests.architecture.test_locks import pins

# Run in an interpreter of its own: refuses every module of a package that images do not get.
PROBE = """
import importlib, sys

absent = set({absent!r})

class NotInTheImage:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{{name}} is not in the image", name=name)

sys.meta_path.insert(0, NotInTheImage())
service = importlib.import_module("services.{service}.app").SERVICE
importlib.import_module("shared.cli").run
importlib.import_module("shared.http.app").create_api
importlib.import_module("shared.worker").run
importlib.import_module("shared.importing.command")
importlib.import_module("shared.messaging.provisioning")
print(service.name)
"""


def _modules_not_in_images() -> set[str]:
    locked = pins((ROOT / "requirements.lock").read_text())
    return {
        module
        for module, owners in metadata.packages_distributions().items()
        if not any(canonicalize_name(owner) in locked for owner in owners)
    }


def _image(folder: Path, service: str) -> Path:
    """The files that deploy/Dockerfile copies for `service`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "shared", folder / "shared", ignore=ignored)
    shutil.copytree(ROOT / f"services/{service}", folder / f"services/{service}", ignore=ignored)
    shutil.copy(ROOT / "services/__init__.py", folder / "services")
    return folder


def _import(image: Path, service: str) -> subprocess.CompletedProcess[str]:
    probe = PROBE.format(service=service, absent=sorted(_modules_not_in_images()))
    return subprocess.run(
        [sys.executable, "-c", probe],
        cwd=image,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_image_of_a_service_imports(tmp_path: Path, service: str) -> None:
    done = _import(_image(tmp_path, service), service)
    assert (done.returncode, done.stdout.strip()) == (0, service), done.stderr


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("import services.tiering", "services.tiering"),
        ("import pytest", "pytest"),
        ("import deploy", "deploy"),
    ],
)
def test_an_import_that_the_image_does_not_have_is_caught(
    tmp_path: Path, line: str, missing: str
) -> None:
    image = _image(tmp_path, "billing")
    with (image / "services/billing/app.py").open("a") as app:
        app.write(f"\n{line}\n")
    done = _import(image, "billing")
    assert done.returncode == 1
    assert f"No module named '{missing}'" in done.stderr or f"{missing} is not in" in done.stderr
