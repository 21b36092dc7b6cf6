"""Whose customer it is in its own eyes: ours, or one person's (R-54)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True)
class CustomerTrust:
    """How first calls are told from others, and how many of them make an index (R-54).

    A first call is one that the customer begins after `quiet_days` without any contact, within the
    last `window_days`. From `minimum_first_calls` on there is an index; it belongs to the company
    when at least the fraction `company_share` of them went to a channel of the company.
    """

    policy_name: ClassVar[str] = "customer-trust"

    window_days: int
    quiet_days: int
    minimum_first_calls: int
    company_share: Decimal


class Asset(StrEnum):
    """To whom the customer turns first."""

    COMPANY = "company_asset"
    PERSONAL = "personal_asset"
    UNKNOWN = "unknown"


def index(to_company: int, to_person: int) -> Decimal | None:
    """The share of first calls that went to the company; None without any (R-54)."""
    calls = to_company + to_person
    return None if calls == 0 else Decimal(to_company) / calls


def judge(to_company: int, to_person: int, policy: CustomerTrust) -> Asset:
    """What so many first calls make of a customer; unknown while they are too few (R-54)."""
    share = index(to_company, to_person)
    if share is None or to_company + to_person < policy.minimum_first_calls:
        return Asset.UNKNOWN
    return Asset.COMPANY if share >= policy.company_share else Asset.PERSONAL
