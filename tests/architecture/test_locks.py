"""The locks: exact versions with hashes, nothing about where packages come from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)(\[[^]]*\])?==(?P<version>\S+)( ; [^\\]+)?( \\)?$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
HOST = re.compile(
    r"://|--(extra-)?index-url|--find-links|\b[\w-]+(\.[\w-]+)*\.(org|com|net|io|cn)\b"
)


def complaints(lock: str) -> list[str]:
    """What is wrong with a lock: a line that is no exact pin, a pin without hash, a host."""
    found: list[str] = []
    unhashed = ""
    for line in lock.splitlines():
        if HOST.search(line):
            found.append(f"names a host: {line}")
        elif HASH.match(line):
            unhashed = ""
        elif line.strip() and not line.lstrip().startswith("#"):
            if unhashed:
                found.append(f"no hash: {unhashed}")
            unhashed = line
            if not PINNED.match(line):
                found.append(f"no exact version: {line}")
    return [*found, *([f"no hash: {unhashed}"] if unhashed else [])]


def pins(lock: str) -> dict[str, set[str]]:
    """The versions that a lock allows for each package (several with different markers)."""
    found: dict[str, set[str]] = {}
    for match in filter(None, map(PINNED.match, lock.splitlines())):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def outdated(requirements: list[str], lock: str) -> list[str]:
    """Requirements that the lock does not fulfil."""
    pinned = pins(lock)
    return [
        text
        for text in requirements
        if not (versions := pinned.get(canonicalize_name(Requirement(text).name)))
        or not all(Requirement(text).specifier.contains(version) for version in versions)
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_exact_versions_with_hashes_and_names_no_host(name: str) -> None:
    assert complaints((ROOT / name).read_text()) == []


def test_the_locks_fulfil_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    tools = [each for group in groups.values() for each in group if isinstance(each, str)]
    assert outdated(runtime, (ROOT / "requirements.lock").read_text()) == []
    assert outdated([*runtime, *tools], (ROOT / "requirements-dev.lock").read_text()) == []


def test_tools_run_with_the_very_packages_that_images_get() -> None:
    runtime = pins((ROOT / "requirements.lock").read_text())
    tools = pins((ROOT / "requirements-dev.lock").read_text())
    assert {name: tools.get(name) for name in runtime} == runtime


SHA = f"    --hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("lock", "complaint"),
    [
        ("orjson==3.13.0\n", "no hash"),
        (f"orjson>=3.13.0 \\\n{SHA}\n", "no exact version"),
        (f"--index-url https://packages.example.org/simple\norjson==3.13.0 \\\n{SHA}\n", "host"),
        (f"orjson==3.13.0 \\\n{SHA}\n    # from files.example.com\n", "host"),
        (f"orjson @ file:///wheels/orjson.whl \\\n{SHA}\n", "host"),
        ("orjson==3.13.0\npolars==2.1.0 \\\n" + SHA, "no hash: orjson"),
    ],
)
def test_a_careless_lock_is_caught(lock: str, complaint: str) -> None:
    assert complaint in complaints(lock)[0]


def test_a_lock_that_no_longer_fulfils_the_project_is_caught() -> None:
    lock = f"orjson==3.13.0 \\\n{SHA}\n"
    assert outdated(["orjson>=3.14"], lock) == ["orjson>=3.14"]
    assert outdated(["polars>=2"], lock) == ["polars>=2"]
    assert outdated(["orjson>=3.13,<4"], lock) == []
