"""Processor time: unlike a rate, it hardly depends on what else the machine does meanwhile."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One running process, and the seconds that it and its children that have ended used."""

    pid: int
    parent: int
    name: str
    seconds: float


def seconds_used() -> dict[str, float]:
    """Seconds used so far: our own under "ours", those of what we started by program."""
    times = os.times()
    used = defaultdict(float, ours=times.user + times.system)
    ours = {os.getpid()}
    for process in sorted(_all(), key=lambda process: process.pid):
        if process.parent in ours:
            ours.add(process.pid)
            used[process.name.partition(":")[0].removesuffix("-server")] += process.seconds
    return used


def _all() -> list[Process]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found.append(_process(folder))
            except OSError:
                continue  # it has ended since
    return found


def _process(folder: Path) -> Process:
    name, _, rest = (folder / "stat").read_text().partition(" (")[2].rpartition(") ")
    fields = rest.split()
    return Process(int(folder.name), int(fields[1]), name, sum(map(int, fields[11:15])) / _TICKS)
