"""One way of doing something often, measured: by the clock, and by the processor time it cost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from tests.benchmarks.processor import seconds_used


@dataclass(frozen=True, slots=True)
class Pass:
    """How many a second, and processor time by program in microseconds for each."""

    rate: float
    used: dict[str, float]


@dataclass(frozen=True, slots=True)
class Start:
    """When a pass began, and what had been used by then."""

    used: dict[str, float]
    seconds: float

    @classmethod
    def now(cls) -> Self:
        """Begin a pass."""
        used = seconds_used()
        return cls(used, time.perf_counter())

    def passed(self, number: int, ended: float) -> Pass:
        """The pass that did `number` until `ended` (perf_counter)."""
        spent = {
            program: seconds - self.used.get(program, 0)
            for program, seconds in seconds_used().items()
        }
        return Pass(
            rate=number / (ended - self.seconds),
            used={program: seconds / number * 1e6 for program, seconds in spent.items()},
        )
