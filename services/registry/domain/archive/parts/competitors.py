"""The competitors at a customer, with what is known of them from inside (R-61)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .fields import AS_PERSON, AS_PHONE, AS_TEXT


@dataclass(frozen=True, slots=True)
class Competitor:
    """Another supplier of the customer; `share` of its spending is a fraction of one."""

    name: str
    services: tuple[str, ...] = ()
    share: Decimal | None = None
    since_on: date | None = None
    strengths: str | None = None
    weaknesses: str | None = None
    prices: str | None = field(default=None, metadata=AS_TEXT)
    inside_facts: str | None = field(default=None, metadata=AS_TEXT)
    contact: str | None = field(default=None, metadata=AS_PERSON)
    contact_phone: str | None = field(default=None, metadata=AS_PHONE)


@dataclass(frozen=True, slots=True)
class CompetitorsPart:
    """Who else serves the customer, and how we answer."""

    competitors: tuple[Competitor, ...] = ()
    situation: str | None = None
    our_answer: str | None = field(default=None, metadata=AS_TEXT)
