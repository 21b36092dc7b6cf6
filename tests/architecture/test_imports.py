"""Who may import whom: the contracts of pyproject.toml, and what a domain may know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, SERVICES, Source, imported, python

ALLOWED_IN_DOMAIN = ("shared.money", "shared.errors")


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--config", "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """An empty house of the same shape, under the same contracts."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for package in ("shared", "services", *(f"services/{service}" for service in SERVICES)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for service in SERVICES:
        for part in ("app", "api", "consumers", "sweeps", "handlers", "storage", "domain"):
            (tmp_path / "services" / service / f"{part}.py").touch()
    return tmp_path


def test_the_project_keeps_its_import_contracts() -> None:
    kept = _lint_imports(ROOT)
    assert kept.returncode == 0, kept.stdout + kept.stderr


def test_an_empty_house_keeps_its_import_contracts(skeleton: Path) -> None:
    kept = _lint_imports(skeleton)
    assert kept.returncode == 0, kept.stdout + kept.stderr


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("services/billing/domain.py", "import services.billing.storage"),
        ("services/billing/storage.py", "import services.billing.handlers"),
        ("services/billing/handlers.py", "from services.billing import api"),
        ("services/billing/api.py", "import services.billing.consumers"),
        ("services/billing/handlers.py", "import services.billing.app"),
        ("services/billing/handlers.py", "import services.tiering.domain"),
        ("shared/__init__.py", "import services.registry"),
    ],
)
def test_a_forbidden_import_is_caught(skeleton: Path, file: str, line: str) -> None:
    (skeleton / file).write_text(f"{line}\n")
    assert _lint_imports(skeleton).returncode == 1


def foreign_to_a_domain(source: Source) -> list[str]:
    """What a module of a domain imports beyond the standard library, money and refusals."""
    service = source.name.split("/")[1]
    own = f"services.{service}.domain"
    return [
        f"{source.name}:{line}: {name}"
        for line, name in imported(source.tree)
        if not name.startswith((".", own, *ALLOWED_IN_DOMAIN))
        and name.split(".")[0] not in sys.stdlib_module_names
    ]


def test_a_domain_imports_the_standard_library_money_and_refusals_only() -> None:
    sources = python(*(f"services/{service}/domain" for service in SERVICES))
    assert [each for source in sources for each in foreign_to_a_domain(source)] == []


@pytest.mark.parametrize(
    "line",
    ["import pydantic", "from shared.work import Work", "from services.billing.storage import x"],
)
def test_a_foreign_import_in_a_domain_is_caught(line: str) -> None:
    planted = Source("services/billing/domain/deposits.py", f"import datetime\n{line}\n")
    assert len(foreign_to_a_domain(planted)) == 1
