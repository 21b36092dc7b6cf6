"""What billing publishes: `dakehu.billing.<event>.v1`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import (
    CustomerDecision,
    CustomerFact,
    Decision,
    FactRefusal,
    HandoverResult,
    MoneyAmount,
    Part,
    SourceRef,
)
from .values import Code, Count, Day, Exact, Label, Month, Version, Word


class ShareKind(StrEnum):
    """Whether revenue keeps the base or goes beyond it (R-44)."""

    BASE = "base"
    INCREMENT = "increment"


class ReceivableState(StrEnum):
    """Where a receivable stands; a cancelled charge has nothing left to pay."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


class DepositKind(StrEnum):
    """Small or large (B-01, B-02)."""

    SMALL = "small"
    LARGE = "large"


class DepositState(StrEnum):
    """Where a deposit stands (B-08, B-11)."""

    TAKEN = "taken"
    UPGRADED = "upgraded"
    APPLIED = "applied"
    REFUNDED = "refunded"
    FORFEITED = "forfeited"
    EXPIRED = "expired"


class RevenueShare(Part):
    """What one unit gets of a posting."""

    unit: Code
    """Code of the unit."""
    amount: MoneyAmount
    """Net of VAT."""
    kind: ShareKind
    """Base or increment."""


class SplitRef(Part):
    """The split that shared a posting."""

    split_id: UUID
    """The split."""
    version: Version
    """The version that was applied."""


class Restatement(Part):
    """Why a posting says something else than its version before."""

    version: Version
    """The version before."""
    reason: Word
    """`ruling`, `split-changed`, `base-recomputed`, `merged`."""
    ruling_id: UUID | None = None
    """The ruling that decided, if one did."""


class RevenuePosted(CustomerFact):
    """Revenue in the books, shared among units. Entity: `posting`, an upsert by its id.

    A consumer replaces what it holds under `posting_id` and adds the difference to its totals.
    """

    subject: ClassVar[str] = "dakehu.billing.revenue_posted.v1"
    posting_id: UUID
    """The posting; the same in every restatement."""
    source: SourceRef
    """The revenue fact that was posted."""
    occurred_on: Day
    """The day it belongs to."""
    booked_on: Day | None = None
    """The day in the books of these shares, where the month of `occurred_on` was closed."""
    business_line: Label
    """Product or business line at the site."""
    signed_at_unit: Code | None = None
    """Where the agreement was signed (R-36)."""
    occurred_at_unit: Code | None = None
    """Where the business arose (R-37)."""
    amount: MoneyAmount
    """Net of VAT; a reversal is negative."""
    shares: tuple[RevenueShare, ...]
    """They sum exactly to the amount (R-45)."""
    rule: Word
    """The rule that decided the shares (C16)."""
    split: SplitRef | None = None
    """The split that was applied; absent when a rule without one decided."""
    reverses: UUID | None = None
    """The posting that this takes back, in part or in whole."""
    restates: Restatement | None = None
    """The version that this one corrects; absent for the first."""


class InstalmentBalance(Part):
    """What one instalment still owes."""

    number: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    due_on: Day
    """Last day in time."""
    amount: MoneyAmount
    """As billed, less what was cancelled."""
    balance: MoneyAmount
    """Still to pay, without late fees."""


class ReceivableChanged(CustomerFact):
    """A receivable as it is now. Entity: `receivable`."""

    subject: ClassVar[str] = "dakehu.billing.receivable_changed.v1"
    receivable_id: UUID
    """The receivable."""
    source: SourceRef | None = None
    """The charge; absent for what billing itself charged."""
    business_line: Label
    """Product or business line at the site."""
    tariff_class: Word
    """Which late-fee rates apply: `household`, `other` …"""
    unit: Code | None = None
    """The unit whose receivable it is."""
    issued_on: Day
    """The day of the bill."""
    state: ReceivableState
    """Where it stands."""
    amount: MoneyAmount
    """Gross, less what was cancelled."""
    balance: MoneyAmount
    """Still to pay, late fees included."""
    late_fees: MoneyAmount
    """Late fees posted and not waived."""
    instalments: Annotated[tuple[InstalmentBalance, ...], Field(min_length=1)]
    """Its parts, in order of their numbers."""
    settled_on: Day | None = None
    """The day the last money for it was received."""
    written_off: MoneyAmount | None = None
    """What of it was given up and not recovered; absent: nothing."""
    redirected_to: UUID | None = None
    """Who pays it, where the customer that it names has become part of another (R-81)."""
    disputed_by: UUID | None = None
    """The complaint that disputes it; it is not dunned meanwhile."""


class Allocation(Part):
    """What of a payment went to one instalment of a receivable."""

    receivable_id: UUID
    """The receivable."""
    instalment: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    amount: MoneyAmount
    """How much of the payment."""
    is_late_fee: bool = False
    """Paid the late fee, not the principal."""


class _Payment(CustomerFact):
    payment_id: UUID
    """The payment."""
    source: SourceRef
    """The payment fact."""
    received_on: Day
    """The day the money came in."""
    amount: MoneyAmount
    """As received; a returned payment is negative."""
    allocations: tuple[Allocation, ...]
    """All of them, as they are now."""
    unapplied: MoneyAmount
    """What no receivable has taken."""


class PaymentApplied(_Payment):
    """A payment was set against receivables. Entity: `payment`."""

    subject: ClassVar[str] = "dakehu.billing.payment_applied.v1"


class PaymentUnapplied(_Payment):
    """Some of a payment was taken off receivables again; what is left is shown."""

    subject: ClassVar[str] = "dakehu.billing.payment_unapplied.v1"
    reason: Word
    """`returned`, `refunded`, `charge-cancelled`, `re-allocated`, `pinned-elsewhere`, `unapplied`,
    `waived`."""


class LateFeePart(Part):
    """Days of one rate (B-15)."""

    from_on: Day
    """First day."""
    until_on: Day
    """Last day."""
    days: Count
    """Number of days, both ends counted."""
    principal: MoneyAmount
    """What was overdue on those days."""
    daily_rate: Exact
    """Fraction of the principal a day: "0.002"."""
    amount: Exact
    """In yuan, not rounded."""


class LateFeePosted(CustomerDecision):
    """The late fee of an instalment so far; a newer version replaces it. Entity: `late-fee`."""

    subject: ClassVar[str] = "dakehu.billing.late_fee_posted.v1"
    late_fee_id: UUID
    """The late fee."""
    receivable_id: UUID
    """The receivable."""
    instalment: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    parts: tuple[LateFeePart, ...]
    """The days and rates that make it up; empty when it was withdrawn."""
    amount: MoneyAmount
    """The whole fee as it stands, rounded once; zero when it was waived or withdrawn."""
    is_minimum: bool = False
    """The plan's minimum was charged."""
    waived: MoneyAmount | None = None
    """What the plan asks for beyond `amount`, and an approved waiver took back."""
    because: Word | None = None
    """What changed it: `accrued`, `settled`, `recomputed` after a late fact, `waived`,
    `waiver-withdrawn`. Only the last two are about waivers."""


class _Dunning(CustomerDecision):
    dunning_id: UUID
    """The dunning step."""
    receivables: Annotated[tuple[UUID, ...], Field(min_length=1)]
    """The receivables it is about."""
    level: Annotated[int, Field(ge=1)]
    """How far dunning has come, from 1."""
    step: Word
    """`reminder`, `second-reminder`, `final-notice`, `disconnection` (B-13, B-24)."""
    overdue: MoneyAmount
    """What was overdue when it was decided."""
    oldest_due_on: Day
    """Due date of the oldest of them."""


class DunningRaised(_Dunning):
    """A dunning step was taken. Entity: `dunning`."""

    subject: ClassVar[str] = "dakehu.billing.dunning_raised.v1"


class DunningWithdrawn(_Dunning):
    """A dunning step was taken back."""

    subject: ClassVar[str] = "dakehu.billing.dunning_withdrawn.v1"
    reason: Word
    """`paid-before`, `charge-cancelled`, `disputed`, `written-off`."""


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


class DepositChanged(CustomerDecision):
    """A deposit on an object as it is now (B-01 to B-12). Entity: `deposit`."""

    subject: ClassVar[str] = "dakehu.billing.deposit_changed.v1"
    deposit_id: UUID
    """The deposit."""
    chain_id: UUID
    """The same from small to large."""
    object_code: Code
    """What is reserved: one object has one live deposit."""
    kind: DepositKind
    """Small or large."""
    state: DepositState
    """Where it stands."""
    amount: MoneyAmount
    """Of this deposit."""
    chain_amount: MoneyAmount
    """Of all deposits of the chain."""
    price: MoneyAmount
    """Total price of the object."""
    taken_on: Day
    """The day finance received it (B-04)."""
    valid_until_on: Day
    """Last day."""
    upgraded_to: UUID | None = None
    """The large deposit that took its place."""
    agreement_id: UUID | None = None
    """The purchase agreement that it was applied to."""
    settled_on: Day | None = None
    """When it was applied, refunded, forfeited or expired."""
    settled_amount: MoneyAmount | None = None
    """What was applied, paid back or kept; paid back double when we broke our word."""
    is_above_legal_limit: bool = False
    """A later price left the chain above the part that the law protects (B-12)."""
    excess_amount: MoneyAmount | None = None
    """What of the chain has no effect of a deposit: neither kept nor doubled (B-12)."""
    contract_due_on: Day | None = None
    """Last day for the contract (B-03)."""
    contract_overdue_on: Day | None = None
    """When the contract was found missing after its last day."""


class _Sale(CustomerFact):
    agreement_id: UUID
    """The purchase agreement."""
    object_code: Code
    """Building, unit and room, or whatever is sold one by one (B-07)."""
    price: MoneyAmount
    """Total price."""
    signed_on: Day
    """The day of the signature."""
    signed_at_unit: Code
    """The unit at the place of the signing body (R-36)."""
    signed_by_agent: bool = False
    """A representative signed with a notarised power of attorney (B-10)."""


class SaleContractSigned(_Sale):
    """The purchase of an object was signed. Entity: `agreement`."""

    subject: ClassVar[str] = "dakehu.billing.sale_contract_signed.v1"


class SaleRegistered(_Sale):
    """The purchase of an object was registered, and only now is final (B-09)."""

    subject: ClassVar[str] = "dakehu.billing.sale_registered.v1"
    registered_on: Day
    """The day of the registration."""
    registration_number: Label | None = None
    """The number that the authority gave it."""
    registered_by: Code | None = None
    """Staff code of who recorded it."""


class SaleCancelled(_Sale):
    """A signed purchase was undone before it was registered (B-09). Entity: `agreement`."""

    subject: ClassVar[str] = "dakehu.billing.sale_cancelled.v1"
    cancelled_on: Day
    """The day from which it is undone."""
    cancelled_by: Code
    """Staff code of who decided it."""


class DiscountDecided(CustomerDecision):
    """A discount was approved or refused (B-26, B-27). Entity: `discount`."""

    subject: ClassVar[str] = "dakehu.billing.discount_decided.v1"
    discount_id: UUID
    """The discount."""
    is_approved: bool
    """Approved, or refused."""
    business_line: Label | None = None
    """Absent: all lines."""
    rate: Exact
    """Fraction off the list price: "0.05"."""
    from_on: Day
    """First day."""
    until_on: Day | None = None
    """Last day; absent: until further notice."""
    applied_by_unit: Code
    """The unit that asked for it."""
    decided_by_unit: Code
    """The unit that decided."""
    scheme: Word | None = None
    """The tier scheme that governs discounts."""
    tier: Word | None = None
    """The tier that it was decided for."""


class CompensationPosted(CustomerFact):
    """An approved compensation is in the books. Entity: `compensation-posting`."""

    subject: ClassVar[str] = "dakehu.billing.compensation_posted.v1"
    compensation_id: UUID
    """The compensation that was approved."""
    complaint_id: UUID
    """The case."""
    amount: MoneyAmount
    """What the customer gets, positive."""
    receivable_id: UUID | None = None
    """The receivable that it was set off against; absent: credited to the customer."""
    posted_on: Day
    """Business date of the posting."""


class CompensationRefused(CustomerDecision):
    """Billing could not post a compensation. Entity: `compensation-posting`."""

    subject: ClassVar[str] = "dakehu.billing.compensation_refused.v1"
    compensation_id: UUID
    """The compensation that was approved."""
    complaint_id: UUID
    """The case."""
    amount: MoneyAmount
    """What was approved, positive."""
    reason: Word
    """Stable name of the reason, such as `exceeds-disputed-charge`."""


class UnitMonth(Part):
    """A unit's revenue of a month in one line."""

    unit: Code
    """Code of the unit."""
    business_line: Label
    """Product or business line at the site."""
    amount: MoneyAmount
    """Net of VAT."""
    increment: MoneyAmount | None = None
    """What of the amount goes beyond the base (R-44)."""


class MonthClosed(Decision):
    """The books of a month are closed; later facts of it are posted later. Entity: `month`.

    Its figures are those of what is in the books under a day of the month, which never changes.
    """

    subject: ClassVar[str] = "dakehu.billing.month_closed.v1"
    month: Month
    """The month."""
    closed_by: Code
    """Staff code."""
    postings: Count
    """Revenue postings of the month."""
    late_lines: Count = 0
    """Lines in the books of this month that belong to one that was closed before."""
    revenue: MoneyAmount
    """Revenue of the month, net of VAT."""
    units: tuple[UnitMonth, ...]
    """They sum to the revenue."""
    receivables: MoneyAmount
    """Balance of all receivables at the end of the month."""
    unapplied: MoneyAmount | None = None
    """Received and not applied at the end of the month."""
    deposits: MoneyAmount
    """Deposits held at the end of the month."""


class HandoverApplied(HandoverResult):
    """Billing has given a leaver's receivables and deposits to the successors (R-52)."""

    subject: ClassVar[str] = "dakehu.billing.handover_applied.v1"


class FactRefused(FactRefusal):
    """Billing refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.billing.fact_refused.v1"
