"""Who may take figures of the books out of the system, and how many rows at once (X-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class BooksExport:
    """Which roles may export revenue and receivables, and how many rows at most."""

    policy_name: ClassVar[str] = "books-export"

    roles: tuple[str, ...]
    largest: int
