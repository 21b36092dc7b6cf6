"""Leads are entered promptly, completely and correctly (R-75)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar


@dataclass(frozen=True)
class LeadEntry:
    """Within how many days somebody who was seen is declared, and what has to be known by then.

    `required` names fields of an observation: name, unified_credit_code, phone, address,
    division_code, industry.
    """

    policy_name: ClassVar[str] = "lead-entry"

    days: int
    required: tuple[str, ...]

    def seen_by(self, today: date) -> date:
        """Whoever was seen on this day or before is late `today`; the next day is in time still."""
        return today - timedelta(days=self.days + 1)

    def missing(self, known: Mapping[str, object]) -> list[str]:
        """Which of the required fields are empty, in the policy's order (R-75)."""
        return [field for field in self.required if not known.get(field)]
