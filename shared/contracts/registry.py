"""What registry publishes: `dakehu.registry.<event>.v1`."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from .envelope import (
    CustomerDecision,
    CustomerFact,
    FactRefusal,
    MoneyAmount,
    Part,
    Published,
    SourceRef,
)
from .values import Code, Count, CustomerId, Day, DivisionCode, Exact, Label, Name, Version, Word


class UnitLevel(StrEnum):
    """The levels of the organisation (R-01); a branch has no centre of its own (R-04)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    BRANCH = "branch"


class StaffState(StrEnum):
    """Whether somebody works here."""

    ACTIVE = "active"
    LEFT = "left"


class CustomerState(StrEnum):
    """How far a customer has come from declaration to registration (R-20, R-22)."""

    DECLARED = "declared"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    REGISTERED = "registered"
    CLOSED = "closed"


class Aspect(StrEnum):
    """What a grant lets a unit see of a customer."""

    BASE = "base"
    ARCHIVE = "archive"
    MONEY = "money"
    DISPUTE = "dispute"


class Phase(StrEnum):
    """Before and after the first contract: who of A and B leads (R-48)."""

    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class UnitChanged(Published):
    """A unit of the organisation as it is now; its entity is `unit`, its id the unit's code."""

    subject: ClassVar[str] = "dakehu.registry.unit_changed.v1"
    unit: Code
    """Code of the unit."""
    parent: Code | None = None
    """The unit above; absent for the province."""
    level: UnitLevel
    """Level in the organisation."""
    kind: Word
    """`territorial`, `specialty` or `branch` (R-03, R-06)."""
    name: Name
    """Name of the unit (R-02)."""
    division_code: DivisionCode | None = None
    """Administrative division it covers."""
    region_class: Annotated[int, Field(ge=1)] | None = None
    """Region class of a city (R-11)."""
    specialty: Word | None = None
    """The trade of a specialty bureau, such as `express-logistics` (R-06)."""
    closed_on: Day | None = None
    """First day on which the unit no longer exists."""


class StaffChanged(Published):
    """A member of staff without any name; the entity is `staff`, its id the staff code."""

    subject: ClassVar[str] = "dakehu.registry.staff_changed.v1"
    staff_code: Code
    """Staff code."""
    unit: Code
    """The unit worked for; of those who left, the last one."""
    roles: tuple[Word, ...]
    """director, deputy_director, account_manager, finance … (R-08)."""
    state: StaffState
    """Works here or has left."""
    on: Day
    """First day on which this holds."""


class CustomerCode(Part):
    """The customer's code in another system."""

    system: Code
    """The other system."""
    code: Code
    """Its code there."""


class CustomerChanged(CustomerFact):
    """A customer as it is now; the entity is `customer`, its id the customer key."""

    subject: ClassVar[str] = "dakehu.registry.customer_changed.v1"
    state: CustomerState
    """How far it has come."""
    customer_id: CustomerId | None = None
    """Issued at registration (R-31), never changed (R-33)."""
    name: Name
    """Full name of the organisation."""
    short_name: Name | None = None
    """Short name of the organisation."""
    kind: Word
    """`commercial` or `policy` (R-15)."""
    division_code: DivisionCode
    """Present administrative division; the ID keeps the one it was issued under."""
    industry: Label | None = None
    """Industry or scope of business."""
    head_office_key: UUID | None = None
    """The head office of a branch (R-32)."""
    codes: tuple[CustomerCode, ...] = ()
    """Cross-references, sorted by system and code."""
    specialty_class: Word | None = None
    """`comprehensive` or `specialty`: which cadence a gold customer has (E-01 to E-03)."""
    visit_class: Word | None = None
    """Visit class where it is set apart from the tier, such as `a-1` (C8)."""
    is_one_off: bool = False
    """Exempt from explaining fluctuations (T-20)."""
    is_opening: bool = False
    """Came in with the opening register of a site."""
    declared_on: Day
    """The day it was declared (R-20)."""
    approved_on: Day | None = None
    """The day its declaration was approved."""
    registered_on: Day | None = None
    """The day its ID was issued."""
    suspended_on: Day | None = None
    """Since when it is suspended; absent when it is not."""
    closed_on: Day | None = None
    """The day it was closed."""


class CustomerIdentityChanged(CustomerFact):
    """A customer was merged into a survivor, or (no survivor) is itself again (R-81).

    The entity is `identity`, its id the customer key.
    """

    subject: ClassVar[str] = "dakehu.registry.customer_identity_changed.v1"
    survivor: UUID | None = None
    """Key of the customer it is now; absent: it is itself, a merge was undone."""
    on: Day
    """Business date of the merge or of its undoing."""


class Grant(Part):
    """A unit, and those below it, may see one aspect of a customer for some time."""

    unit: Code
    """The unit that may see it."""
    aspect: Aspect
    """What it may see."""
    from_on: Day
    """First day."""
    until_on: Day | None = None
    """Last day; absent: until further notice."""


class ScopeChanged(CustomerFact):
    """Who may see the customer: all its grants, past ones too. Entity: `scope`, by customer key."""

    subject: ClassVar[str] = "dakehu.registry.scope_changed.v1"
    grants: tuple[Grant, ...]
    """All of them, sorted by unit, aspect and first day."""


class OwnershipChanged(CustomerFact):
    """Which unit owns a customer from a day on; every version stays valid for its days (R-09).

    The entity is `ownership`, its id the customer key.
    """

    subject: ClassVar[str] = "dakehu.registry.ownership_changed.v1"
    owner_unit: Code
    """The unit that owns the customer."""
    rule: Word
    """`declaration`, `opening`, `signing-place`, `routing`, `type-a` … `type-d`, `ruling`."""
    ruling_id: UUID | None = None
    """The ruling that decided (R-37)."""
    effective_on: Day
    """First day on which it holds."""
    supersedes: Version | None = None
    """The version that this restates; absent: it follows the earlier ones."""


class SplitShare(Part):
    """A unit's share of revenue."""

    unit: Code
    """Code of the unit."""
    share: Exact
    """Fraction of one: "0.6" is 60 %."""


class SplitChanged(CustomerFact):
    """How a customer's revenue is shared from a day on (R-44, R-45); the entity is `split`."""

    subject: ClassVar[str] = "dakehu.registry.split_changed.v1"
    split_id: UUID
    """The split."""
    base: Annotated[tuple[SplitShare, ...], Field(min_length=1)]
    """Shares of the base; they sum to exactly 1."""
    increment: tuple[SplitShare, ...] = ()
    """Shares of what goes beyond the base, summing to exactly 1; empty: shared like the base."""
    base_amount: MoneyAmount | None = None
    """The base of a calendar year, net of VAT; absent: everything is base."""
    rule: Word
    """`ruling`, `type-a` … `type-d`, `base-increment`, `lead-report`, `default` (C16)."""
    ruling_id: UUID | None = None
    """The ruling that decided, if one did."""
    effective_on: Day
    """First day on which it holds."""
    supersedes: Version | None = None
    """The version that this restates; postings under that one are restated too."""
    overruled: tuple[Word, ...] = ()
    """Rules that would have applied as well and gave way, the strongest first (C16)."""

    @model_validator(mode="after")
    def _shares_everything(self) -> Self:
        for shares in (self.base, self.increment):
            total = sum((part.share for part in shares), Decimal(0))
            if shares and (total != 1 or min(part.share for part in shares) < 0):
                raise ValueError(
                    f"份额之和必须正好为 1，现为 {total} / "
                    f"shares must sum to exactly 1, not {total}"
                )
        return self


class ManagersAssigned(CustomerFact):
    """The A and B managers of a customer; A leads development, B leads maintenance (R-48).

    The entity is `managers`, its id the customer key.
    """

    subject: ClassVar[str] = "dakehu.registry.managers_assigned.v1"
    a_staff_code: Code | None = None
    """Staff code of A; absent: nobody."""
    b_staff_code: Code | None = None
    """Staff code of B; absent: nobody."""
    phase: Phase
    """Who of them leads."""
    phase_contract_id: UUID | None = None
    """The contract that set the phase to maintenance, if one did."""
    rule: Word
    """Why: `assignment`, `contract-signed`, `manual-swap`, `handover`, `rotation`."""
    effective_on: Day
    """First day on which it holds."""


class DisputeOpened(CustomerFact):
    """Units dispute a customer; the next higher centre will rule (R-37). Entity: `dispute`."""

    subject: ClassVar[str] = "dakehu.registry.dispute_opened.v1"
    dispute_id: UUID
    """The dispute."""
    parties: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Units in dispute."""
    ruling_unit: Code
    """The centre that rules."""
    opened_on: Day
    """The day it was opened."""
    due_on: Day
    """By when it should be ruled."""
    appeal_of: UUID | None = None
    """The ruling that is appealed against."""


class DisputeRuled(CustomerDecision):
    """A centre has ruled; ownership and split follow as facts of their own (R-37, R-42)."""

    subject: ClassVar[str] = "dakehu.registry.dispute_ruled.v1"
    dispute_id: UUID
    """The dispute."""
    ruling_id: UUID
    """This ruling."""
    parties: tuple[Code, ...]
    """Units in dispute."""
    ruling_unit: Code
    """The centre that ruled."""
    owner_unit: Code
    """Who owns the customer by this ruling."""
    base: tuple[SplitShare, ...] = ()
    """Shares of the base, if the ruling sets any."""
    increment: tuple[SplitShare, ...] = ()
    """Shares of the increment, if the ruling sets any."""
    ruled_on: Day
    """The day of the ruling."""
    effective_on: Day
    """From when it holds; may lie before `ruled_on`, then revenue is restated."""
    is_final: bool = False
    """No appeal is left (R-42)."""
    supersedes: UUID | None = None
    """The ruling that this one, on appeal, takes the place of."""


class DisputeOverdue(CustomerDecision):
    """A dispute was not ruled by its deadline; it stays open (R-37). Entity: `dispute`."""

    subject: ClassVar[str] = "dakehu.registry.dispute_overdue.v1"
    dispute_id: UUID
    """The dispute."""
    parties: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Units in dispute."""
    ruling_unit: Code
    """The centre that should have ruled."""
    due_on: Day
    """By when it should have."""


class DisputeClosed(CustomerFact):
    """A dispute ended without a ruling: settled by its parties, or withdrawn. Entity: `dispute`.

    Ownership and split of a settlement follow as facts of their own (R-37).
    """

    subject: ClassVar[str] = "dakehu.registry.dispute_closed.v1"
    dispute_id: UUID
    """The dispute."""
    parties: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Units that were in dispute."""
    outcome: Word
    """`settled` or `withdrawn`."""
    settlement_id: UUID | None = None
    """The agreement, if there is one."""
    closed_on: Day
    """The day it ended."""


class ContractSigned(CustomerFact):
    """A framework contract was signed. Entity: `contract`."""

    subject: ClassVar[str] = "dakehu.registry.contract_signed.v1"
    contract_id: UUID
    """The framework contract."""
    kind: Word | None = None
    """`cooperation`, `supply`, `dispatch` …, as policy demands them (R-30); absent: not told."""
    source: SourceRef | None = None
    """Where it was imported from, if it was."""
    signed_at_unit: Code
    """The unit at the place of the signing body (R-36)."""
    signed_on: Day
    """The day of the signature."""
    valid_until_on: Day | None = None
    """Last day; absent: until it is ended."""
    business_lines: tuple[Label, ...] = ()
    """Empty: all lines."""


class ManagerPair(Part):
    """The managers of a customer at one moment."""

    a_staff_code: Code | None = None
    """Staff code of A; absent: nobody."""
    b_staff_code: Code | None = None
    """Staff code of B; absent: nobody."""


class Succession(Part):
    """Who takes over a customer from the leaver."""

    customer_key: UUID
    """The customer."""
    successor: Code
    """Staff code."""
    before: ManagerPair | None = None
    """The managers before the hand-over; absent: not told."""
    after: ManagerPair | None = None
    """The managers by the hand-over; absent: not told."""
    managers_version: Version | None = None
    """The version of `managers_assigned` that says so; absent: not told."""


class HandoverStarted(Published):
    """Somebody's customers go to successors (R-52, R-50). Entity: `handover`."""

    subject: ClassVar[str] = "dakehu.registry.handover_started.v1"
    handover_id: UUID
    """The hand-over."""
    from_staff_code: Code
    """Staff code of who hands over."""
    reason: Word
    """`departure`, `rotation`, `after-sales`, `reassignment`."""
    customers: tuple[Succession, ...]
    """Who takes over whom."""
    effective_on: Day
    """First day of the successors."""
    due_on: Day
    """By when engagement and billing should have answered."""


class HandoverAnswer(Part):
    """What a service answered to a hand-over."""

    service: Word
    """Who answered."""
    moved: Count
    """Things that changed hands."""
    exceptions: Count
    """Things that could not."""


class HandoverCompleted(Published):
    """Every service has answered a hand-over. Entity: `handover`."""

    subject: ClassVar[str] = "dakehu.registry.handover_completed.v1"
    handover_id: UUID
    """The hand-over."""
    from_staff_code: Code
    """Staff code of who hands over."""
    answers: tuple[HandoverAnswer, ...]
    """One for each service."""
    completed_on: Day
    """The day of the last answer."""


class ArchiveOverdue(CustomerDecision):
    """A customer's archive has not been brought up to date in time (R-67). Entity: `archive`."""

    subject: ClassVar[str] = "dakehu.registry.archive_overdue.v1"
    due_on: Day
    """By when it should have been updated."""
    last_updated_on: Day | None = None
    """When it last was; absent: never."""
    custodian: Code | None = None
    """Staff code of who keeps it (R-69)."""


class FactRefused(FactRefusal):
    """Registry refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.registry.fact_refused.v1"
