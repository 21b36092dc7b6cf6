"""A lead that a branch reported: revenue is credited to it for a while (R-05)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from ..centres.organisation import Organisation
from .ownership import Ownership
from .precedence import Claim
from .splits import WHOLE, PolicyVersion, SplitRule, Terms, fractions
from .timelines import Span


@dataclass(frozen=True)
class LeadCredit:
    """Which share of the revenue goes to the branch that reported, and for how long (R-05).

    `share` is a fraction of one, 0 credits nothing; `months` count from the day of the approval.
    """

    policy_name: ClassVar[str] = "lead-credit"

    share: Decimal
    months: int


def lead_claims(
    branch: str,
    approved_on: date,
    owners: Iterable[Span[Ownership]],
    organisation: Organisation,
    credit: LeadCredit,
    policy: PolicyVersion,
) -> list[Claim]:
    """What `branch` is credited with while the owner covers it: the rest stays the owner's (R-05).

    Where the customer has gone to another territory, the branch has brought nobody along.
    """
    if credit.share == 0 or credit.months == 0:
        return []
    ends_on = months_later(approved_on, credit.months) - timedelta(days=1)
    claims = []
    for span in owners:
        begins = max(span.from_on, approved_on)
        last = ends_on if span.until_on is None else min(span.until_on, ends_on)
        if begins > last or not organisation.is_within(branch, span.held.owner_unit):
            continue
        shares = fractions([(branch, credit.share), (span.held.owner_unit, WHOLE - credit.share)])
        inputs: dict[str, object] = {
            "reporting_branch": branch,
            "share": str(credit.share),
            "until_on": ends_on.isoformat(),
        }
        claims.append(
            Claim(
                SplitRule.LEAD_REPORT,
                Terms(shares),
                *(begins, last, span.held.version),
                inputs=inputs,
                policy=policy,
            )
        )
    return claims


def months_later(on: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))
