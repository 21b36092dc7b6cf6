"""Which revisions the code knows, read without Alembic: a probe should not cost its memory."""

from __future__ import annotations

import importlib.util
import re
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


@cache
def newest(package: str) -> frozenset[str]:
    """The heads of both branches: revisions that no other revision follows."""
    texts = [
        file.read_text(encoding="utf-8")
        for folder in folders(package)
        for file in folder.glob("[0-9]*.py")
    ]
    revisions = {name for text in texts for name in _REVISION.findall(text)}
    return frozenset(revisions - {name for text in texts for name in _PARENT.findall(text)})
