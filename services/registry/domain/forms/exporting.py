"""Who may take customers out of the system, and how many at once (X-11, R-73)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CustomerExport:
    """Which roles may export customers, and how many rows at most."""

    policy_name: ClassVar[str] = "customer-export"

    roles: tuple[str, ...]
    largest: int
