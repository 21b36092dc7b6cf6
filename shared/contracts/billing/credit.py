"""How customers pay, and how much they may owe."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import CustomerDecision, MoneyAmount
from shared.contracts.values import Code, Day, Exact, Version, Word


class CreditAssessed(CustomerDecision):
    """How a customer pays, and how much it may owe (B-22, T-01). Entity: `credit`.

    Limit and exposure are those of its head office with all branches.
    """

    subject: ClassVar[str] = "dakehu.billing.credit_assessed.v1"
    credit_limit: MoneyAmount | None = None
    """Most that it may owe; absent: no limit."""
    exposure: MoneyAmount
    """What it owes and has reserved."""
    punctuality: Exact | None = None
    """Fraction of what fell due that was paid in time; absent: nothing fell due."""
    grade: Word | None = None
    """Grade by the policy of the site."""
    period_from_on: Day
    """First day that was looked at."""
    period_until_on: Day
    """Last day that was looked at."""
    score: Exact | None = None
    """0 to 100 points by the policy of the site; absent: nothing fell due."""
    days_late: Exact | None = None
    """How many days late the average yuan that fell due came."""


class CreditExceeded(CustomerDecision):
    """A group came above its limit, or is within it again (B-34). Entity: `credit-exposure`.

    Told once for each crossing, about the head office. Nothing was refused for it.
    """

    subject: ClassVar[str] = "dakehu.billing.credit_exceeded.v1"
    credit_limit: MoneyAmount
    """Most that it may owe; where it is within again and has no limit left, what it owes."""
    exposure: MoneyAmount
    """What it owes and has reserved."""
    is_exceeded: bool = True
    """False: within the limit again."""
    receivable: MoneyAmount | None = None
    """Of the exposure: open receivables, posted late fees among them."""
    unapplied: MoneyAmount | None = None
    """Of the exposure: cash that no receivable has taken; it counts against the rest."""
    reserved: MoneyAmount | None = None
    """Of the exposure: live reservations."""
    limit_version: Version | None = None
    """The decided limit; absent: the policy's."""


class CreditLimitChanged(CustomerDecision):
    """A limit of a head office and its branches was decided (B-17). Entity: `credit-limit`."""

    subject: ClassVar[str] = "dakehu.billing.credit_limit_changed.v1"
    credit_limit: MoneyAmount | None = None
    """Most that the group may owe; absent: no limit."""
    effective_on: Day
    """From which day on."""
    proposed_by: Code
    """Staff code."""
    approved_by: Code
    """Staff code of somebody else."""
