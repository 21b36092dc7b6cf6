"""Disputes over a customer."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerDecision, CustomerFact
from shared.contracts.registry.belonging import SplitShare
from shared.contracts.values import Code, Day, Word


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
