"""A handful of units and people for trying things: one of every role, in a post of three levels."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .suite import Suite

PEOPLE = Path(__file__).parent / "people"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to hold a development token for."""

    staff_code: str
    name: str
    unit: str
    roles: tuple[str, ...]


def _read() -> tuple[Person, ...]:
    with (PEOPLE / "staff.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Person(row["ref"], row["name"], row["unit"], tuple(row["roles"].split()))
            for row in csv.DictReader(file)
        )


CAST = _read()
"""Everybody in people/staff.csv."""


def load_cast(suite: Suite) -> None:
    """Bring units and staff in as a site would, from files; a second time changes nothing."""
    for kind in ("units", "staff"):
        suite.environment.operate("registry", "import", kind, str(PEOPLE / f"{kind}.csv"))
    for service in suite.urls:
        suite.environment.operate(service, "drain", "--wait")
