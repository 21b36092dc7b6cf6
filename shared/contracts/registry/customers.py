"""Customers, and who they are after a merge."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerFact, Part
from shared.contracts.values import Code, CustomerId, Day, DivisionCode, Label, Name, Word


class CustomerState(StrEnum):
    """How far a customer has come from declaration to registration (R-20, R-22)."""

    DECLARED = "declared"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    REGISTERED = "registered"
    CLOSED = "closed"


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
