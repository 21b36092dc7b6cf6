"""Waiting for a server that was just started."""

from __future__ import annotations

import time
from collections.abc import Callable

from deploy.local.binaries import ServerFailed
from deploy.local.processes import Child

_START_SECONDS = 60.0


def wait_until(answers: Callable[[], bool], child: Child, name: str) -> None:
    """Return when `answers` says so. Raises ServerFailed, with the server's last words."""
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if not child.is_running or time.monotonic() > deadline:
            child.kill()
            raise ServerFailed(f"{name} did not start:\n{child.last_words()}")
        time.sleep(0.05)
