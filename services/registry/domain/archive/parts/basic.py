"""The basic part: the standardised fields of R-61."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from .fields import AS_EMAIL, AS_PERSON, AS_PHONE


@dataclass(frozen=True, slots=True)
class PostalUse:
    """What a customer spent on postal services in a year (yuan), and the volume in pieces."""

    year: int
    spend: Decimal
    volume: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class PostalChange:
    """How a year differs from the recorded one before it; yuan and pieces."""

    year: int
    spend: Decimal
    volume: int | None


@dataclass(frozen=True, slots=True)
class BasicPart:
    """Who the customer is and how to reach it (R-61)."""

    full_name: str | None = None
    short_name: str | None = None
    address: str | None = None
    postcode: str | None = None
    head: str | None = field(default=None, metadata=AS_PERSON)
    head_position: str | None = None
    contact: str | None = field(default=None, metadata=AS_PERSON)
    phone: str | None = field(default=None, metadata=AS_PHONE)
    email: str | None = field(default=None, metadata=AS_EMAIL)
    fax: str | None = field(default=None, metadata=AS_PHONE)
    size: str | None = None
    industry: str | None = None
    business_scope: str | None = None
    main_products: tuple[str, ...] = ()
    postal_services: tuple[str, ...] = ()
    postal_use: tuple[PostalUse, ...] = ()


def postal_changes(uses: Sequence[PostalUse]) -> list[PostalChange]:
    """Spend and volume of each recorded year against the recorded year before (R-61)."""
    ordered = sorted(uses, key=lambda use: use.year)
    return [
        PostalChange(
            year=later.year,
            spend=later.spend - earlier.spend,
            volume=None
            if later.volume is None or earlier.volume is None
            else later.volume - earlier.volume,
        )
        for earlier, later in pairwise(ordered)
    ]
