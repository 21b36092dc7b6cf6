"""What is asked and answered about customers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.api.models import (
    CodeOf,
    OnDay,
    Reason,
)
from services.registry.domain.register.customers import CustomerKind, CustomerState
from shared.contracts.values import Amount, Label, Name, Word


class CustomerOut(BaseModel):
    """A customer as it is; `owner_unit` is today's, `flags` the findings nobody resolved yet.

    `recognised_by` is the route by which it is a key account (R-15). `registered_capital` is in
    the words given, `capital_amount` in yuan as far as they can be read.
    """

    customer_key: UUID
    customer_id: str | None
    state: CustomerState
    name: str
    short_name: str | None
    kind: CustomerKind
    division_code: str
    industry: str | None
    unified_credit_code: str | None
    head_office_key: UUID | None
    specialty_class: str | None
    visit_class: str | None
    traits: list[str]
    is_one_off: bool
    is_opening: bool
    owner_unit: str | None
    survivor_key: UUID | None = Field(description="已并入的客户 / the customer it is part of")
    declaring_unit: str
    reporting_branch: str | None
    joint_units: list[str]
    codes: list[CodeOf]
    declared_on: date
    approved_on: date | None
    registered_on: date | None
    suspended_on: date | None
    suspended_for: str | None
    closed_on: date | None
    registered_capital: str | None
    capital_amount: Amount | None
    is_recognised: bool | None
    recognised_by: str | None
    flags: list[str]
    version: int


class Warning(BaseModel):
    """Something that is allowed still, but not for long."""

    code: str
    zh: str
    en: str


class RegisteredCustomer(CustomerOut):
    """The customer with its new ID, and a warning when numbers run short (C17)."""

    warning: Warning | None


class Step(BaseModel):
    """What was done with a customer, on which day, by whom."""

    version: int
    step: str
    on: date
    by: str | None
    reason: str | None
    state: CustomerState
    recorded_at: datetime


class Registration(OnDay):
    """The day on which the ID is issued; its division must be in force then (R-33)."""


class Suspension(OnDay):
    """Why development stops, or goes on again (R-22)."""

    reason: Reason


class Amendment(OnDay):
    """What a customer is like; a field left out stays."""

    short_name: Name | None = None
    industry: Label | None = None
    specialty_class: Word | None = None
    visit_class: Word | None = None
    is_one_off: bool | None = None
    traits: list[Word] | None = Field(default=None, max_length=20)
    registered_capital: Label | None = Field(
        default=None, description="注册资本，按原文 / in the words given: 500万元"
    )
    codes: list[CodeOf] = Field(default=[], max_length=50)
