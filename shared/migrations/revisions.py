"""Which revisions the code knows, read without Alembic: a probe should not cost its memory."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

KIT = Path(__file__).parent
"""The kit's own migrations."""

_REVISION = re.compile(r'^revision(?:: \w+)? = "(\w+)"$', re.MULTILINE)
_PARENT = re.compile(r'^down_revision(?:: [^=]+)? = "(\w+)"$', re.MULTILINE)


def folders(package: str) -> tuple[Path, Path]:
    """Where the versions of the kit and of a service are; `package` is `services.billing` …"""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None, f"no package {package}"
    own = Path(spec.origin).parent / "storage" / "migrations" / "versions"
    return KIT / "versions", own


def newest(package: str) -> frozenset[str]:
    """The heads of both branches: revisions that no other revision follows."""
    return _read(package)[1]


def has_all(package: str, applied: Collection[str]) -> bool:
    """Whether a database at `applied` has every migration that this code knows.

    A revision that the code does not know came with a later release. Migrations only add, so the
    old processes go on beside the new ones and are not taken out of service by them.
    """
    known, heads = _read(package)
    went_on = {_branch(revision) for revision in applied if revision not in known}
    return all(head in applied or _branch(head) in went_on for head in heads)


def _branch(revision: str) -> str:
    return revision.partition("_")[0]


@cache
def _read(package: str) -> tuple[frozenset[str], frozenset[str]]:
    """All revisions of both branches, and their heads."""
    texts = [
        file.read_text(encoding="utf-8")
        for folder in folders(package)
        for file in folder.glob("[0-9]*.py")
    ]
    revisions = frozenset(name for text in texts for name in _REVISION.findall(text))
    return revisions, revisions - {name for text in texts for name in _PARENT.findall(text)}
