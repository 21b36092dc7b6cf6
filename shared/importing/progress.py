"""How far an import came, so that a broken one goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


class Progress:
    """A small file per import (same file, mapping, kind, service and broker)."""

    def __init__(self, folder: Path, *identity: str) -> None:
        name = hashlib.sha256("\x1f".join(identity).encode()).hexdigest()[:24]
        self.path = folder / f"{name}.json"
        self.sent = 0
        """How many events the stream has confirmed, counted in the order of the file."""
        if self.path.exists():
            self.sent = int(json.loads(self.path.read_text(encoding="utf-8"))["sent"])

    def save(self, sent: int) -> None:
        """Remember that the first `sent` events are stored."""
        self.sent = sent
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"sent": sent})
        partial = self.path.with_suffix(".part")
        partial.write_text(content, encoding="utf-8")
        partial.replace(self.path)


class NoProgress(Progress):
    """Where the service itself knows what it took: nothing is skipped by counting."""

    def __init__(self) -> None:
        self.sent = 0

    def save(self, sent: int) -> None:
        """Nothing is remembered."""
