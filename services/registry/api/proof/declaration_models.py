"""What is asked and answered about declarations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.api.identity import duplicates
from services.registry.api.models import (
    CodeOf,
    Command,
    OnDay,
    Reason,
)
from services.registry.domain.proof.declarations import DeclarationState
from services.registry.domain.register.customers import CustomerKind
from shared.contracts.values import Code, DivisionCode, Label, Name, Word


class CustomerIn(Command):
    """Whom the declaration is about."""

    name: Name
    division_code: DivisionCode
    kind: CustomerKind = CustomerKind.COMMERCIAL
    short_name: Name | None = None
    industry: Label | None = None
    unified_credit_code: str | None = Field(default=None, max_length=50)
    head_office_key: UUID | None = Field(default=None, description="总部 / head office (R-32)")
    specialty_class: Word | None = None
    visit_class: Word | None = None
    traits: list[Word] = Field(
        default=[], max_length=20, description="high-energy, dual-source … (R-26, R-30)"
    )
    codes: list[CodeOf] = Field(default=[], max_length=50)


class DeclarationIn(OnDay):
    """A declaration. Units left out follow from the caller's: a branch reports a lead (R-04)."""

    customer: CustomerIn
    declaring_unit: Code | None = None
    reporting_branch: Code | None = None
    development_unit: Code | None = None
    joint_units: list[Code] = Field(default=[], max_length=50)


class Approval(OnDay):
    """The approval; name developers only if they are others than proposed, and say why (R-09)."""

    development_unit: Code | None = None
    joint_units: list[Code] | None = Field(default=None, max_length=50)
    reason: Reason | None = None


class Refusal(OnDay):
    """The refusal and its reason."""

    reason: Reason


class ChainEntry(BaseModel):
    """Where an entry of the declaration stands in the chain (R-21)."""

    sequence: int
    recorded_at: datetime
    hash: str


class DeclarationOut(BaseModel):
    """A declaration as it stands."""

    declaration_id: UUID
    customer_key: UUID
    name: str
    declaring_unit: str
    declared_by: str
    declared_on: date
    reporting_branch: str | None
    development_unit: str
    joint_units: list[str]
    state: DeclarationState
    decided_by: str | None
    decided_on: date | None
    decision_reason: str | None
    version: int


class DeclarationEvidence(DeclarationOut):
    """A declaration with its entries in the chain."""

    chain: list[ChainEntry]


class Submitted(DeclarationEvidence):
    """A declaration that was just submitted, with customers that it resembles (R-81)."""

    alike: list[duplicates.AlikeOut]


class FaultOut(BaseModel):
    """One thing that is wrong with the chain, and where it shows; whose it is, operators see."""

    sequence: int
    zh: str
    en: str


class ChainOut(BaseModel):
    """What the verification of the whole chain found (R-21).

    `noted` is the present end, to be noted outside and given as `head` another time.
    """

    is_intact: bool
    entries: int
    head: str
    noted: str
    broken_at: int | None
    reason_zh: str
    reason_en: str
    faults: list[FaultOut]
