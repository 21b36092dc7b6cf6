"""Secrets of a local start: made at random the first time, kept in `var`, never in the project."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path


class Secrets:
    """Named secrets in one file that only we can read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def get(self, name: str, make: Callable[[], str] = secrets.token_hex) -> str:
        """The environment's `name` if it is set, else the one kept under it, made when missing."""
        given = os.environ.get(name)
        if given:
            return given
        if name not in self._known:
            self._known[name] = make()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            self._file.write_text(json.dumps(self._known, indent=2))
        return self._known[name]
