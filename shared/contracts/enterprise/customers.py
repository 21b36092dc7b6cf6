"""Customers as other systems see them, and those of a site's opening register.

`customer_observed` and `customer_opened` carry the sender's customer `code`. Their `ref` may be
left out and is then that code; a sender that observes the same customer again, with other data,
gives each observation a ref of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from shared.contracts.envelope import Enterprise, Part
from shared.contracts.values import Code, Day, DivisionCode, Label, Name, Note, Ref, Word


class ManagerRole(StrEnum):
    """The two managers of a customer (R-48)."""

    A = "A"
    B = "B"


class _ObservedCustomer(Enterprise):
    ref: Ref = Field(default_factory=str)
    """The sender's own number of this observation; left out, it is `code`."""
    code: Code
    """The customer's code in the sending system."""
    name: Name
    """Full name of the organisation."""
    unified_credit_code: Note | None = None
    """Unified social credit code as the sender has it; registry checks it."""
    phone: Note | None = None
    """Telephone of the organisation as the sender has it."""
    address: Note | None = None
    """Postal address as the sender has it."""
    industry: Label | None = None
    """Industry in the sender's words."""
    registered_capital: Note | None = None
    """Registered capital in the sender's words; registry reads it as far as it can."""

    @model_validator(mode="before")
    @classmethod
    def _is_its_own_ref(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("ref") is None and "code" in data:
            return {**data, "ref": data["code"]}
        return data


class CustomerObserved(_ObservedCustomer):
    """A system has seen a customer; it is cross-referenced or a possible duplicate (R-81)."""

    event_name: ClassVar[str] = "customer_observed"
    division_code: DivisionCode | None = None
    """Administrative division of its seat."""


class OpenedManager(Part):
    """A manager whom the site had already named."""

    staff_code: Code
    """Staff code."""
    role: ManagerRole
    """A or B."""


class CustomerOpened(_ObservedCustomer):
    """A key account that the site already has, for the opening register; marked as such."""

    event_name: ClassVar[str] = "customer_opened"
    division_code: DivisionCode
    """Administrative division under which its ID is issued (R-31)."""
    owner_unit: Code
    """The unit that owns it."""
    managers: tuple[OpenedManager, ...] = ()
    """Its managers, if named."""
    opening: Literal[True]
    """Always true: this is an opening register, not a declaration."""
    opened_on: Day | None = None
    """Since when the site has it as a key account; absent: the day it is sent."""
    head_office_code: Code | None = None
    """The sender's code of its head office, when it is a branch (R-32)."""
    kind: Word | None = None
    """`commercial` or `policy` (R-15); absent: commercial."""
    specialty_class: Word | None = None
    """`comprehensive` or `specialty`, where the site tells them apart."""
