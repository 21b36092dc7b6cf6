"""What every fact of the suite is made of, whoever publishes it.

Evolution is additive within a major. A field that may be absent is optional with a default; a
closed vocabulary (StrEnum) never grows within a major, since a reader that is one release behind
must still understand every value; a vocabulary that will grow is a `Word` or a `Label`, and a
consumer that meets an unknown one treats it as "other".
"""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .values import (
    Amount,
    Code,
    Count,
    Currency,
    CustomerId,
    Day,
    EntityId,
    Inputs,
    Instant,
    Label,
    Ref,
    Version,
    Word,
)


class Part(BaseModel):
    """A piece of an event: immutable, and deaf to fields that a later minor version adds."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class MoneyAmount(Part):
    """An amount in one currency; the amount travels as a string, never as a number."""

    amount: Amount
    """In units of the currency (yuan), two decimals."""
    currency: Currency
    """ISO 4217; always the currency of the site."""


class CustomerReference(Part):
    """How another system names a customer: its own code, our 14-digit ID, or our key."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["system", "code"]},
                {"required": ["customer_id"]},
                {"required": ["customer_key"]},
            ]
        }
    )

    system: Code | None = None
    """The system whose code it is."""
    code: Code | None = None
    """The customer's code in that system."""
    customer_id: CustomerId | None = None
    """Our 14-digit ID."""
    customer_key: UUID | None = None
    """Our key."""

    @model_validator(mode="after")
    def _names_exactly_one(self) -> Self:
        by_code = self.system is not None and self.code is not None
        if (self.system is None) != (self.code is None) or (
            by_code + (self.customer_id is not None) + (self.customer_key is not None) != 1
        ):
            raise ValueError(
                "客户引用须为 system+code、customer_id 或 customer_key 之一 / "
                "a customer reference is system and code, or customer_id, or customer_key"
            )
        return self


class Reverses(Part):
    """The accepted fact of the same sender that this one takes back, in part or in whole."""

    type: Word
    """Name of the event that is taken back, such as `revenue_recorded`."""
    ref: Ref
    """Its ref."""


class SourceRef(Part):
    """The fact of another system that something of ours comes from."""

    system: Code
    """Who sent it: the second token of the subject it came on."""
    ref: Ref
    """The sender's own number."""


class FactRef(Part):
    """A fact of another system, with its event type."""

    system: Code
    """Who sent it."""
    type: Word
    """Event name without major, such as `revenue_recorded`."""
    ref: Ref
    """The sender's own number."""


class Entity(Part):
    """Whose state a published fact shows; versions count that entity's changes from 1."""

    type: Word
    """Kind of thing: customer, posting, obligation …"""
    id: EntityId
    """Which one."""
    version: Version
    """Counts the changes of this one from 1."""


class PolicyRef(Part):
    """The policy version that made a decision."""

    name: Word
    """Name of the policy, such as `late-fees`."""
    version: Version
    """Version that was in force."""


class Event(Part):
    """A fact in the past tense. Subclasses live in one module per publisher."""


class Enterprise(Event):
    """What another system publishes: `enterprise.<system>.<event_name>.v<major>`."""

    event_name: ClassVar[str]
    major: ClassVar[int] = 1
    ref: Ref
    """The sender's own number, unique per (system, event type)."""


class Published(Event):
    """What a service publishes on `subject`: an entity with its whole published state."""

    subject: ClassVar[str]
    entity: Entity
    """Whose state this is, and which version of it."""
    customer_key: UUID | None = None
    """The customer it is about, where there is one."""


class CustomerFact(Published):
    """A published fact that is always about one customer."""

    customer_key: UUID
    """The customer it is about."""


class Decision(Published):
    """A published fact that somebody decided, with what the decision saw."""

    as_of: Day
    """The business date of what was known."""
    policy: PolicyRef | None = None
    """The policy version that decided; absent when a person did without one."""
    inputs: Inputs = Field(default_factory=dict)
    """What the decision saw, by name; numbers with decimals are strings."""


class CustomerDecision(Decision):
    """A decision that is always about one customer."""

    customer_key: UUID
    """The customer it is about."""


class FactRefusal(Published):
    """A fact of another system was refused for good; its ref stays free for a corrected resend.

    The full reason is for the sender to read over HTTP, since it may quote what was sent. The
    entity is `refusal`, its id is `<system>/<event id>`: a resend that is refused is another one.
    """

    system: Code
    """Who sent it."""
    type: Word
    """Name of the refused event, such as `revenue_recorded`."""
    ref: Ref | None = None
    """The sender's own number, where it could be read."""
    event_id: Ref
    """The CloudEvents id of the refused message."""
    code: Word
    """Stable name of the reason, such as `ref-conflict`."""
    rule: Label | None = None
    """The rule that refused, such as `B-36`."""
    title_zh: Label
    """The reason in Chinese, the same for every fact refused for it."""
    title_en: Label
    """The reason in English."""
    pointer: Ref | None = None
    """JSON Pointer of the field at fault."""
    refused_at: Instant
    """When it was refused."""


class MovedWork(Part):
    """How much of one kind of work changed hands."""

    kind: Word
    """What it is: `obligations`, `visits`, `complaints`, `receivables`, `deposits` …"""
    count: Count
    """Number of things that changed hands."""


class HandoverException(Part):
    """One thing that could not be handed over."""

    kind: Word
    """What it is."""
    id: Ref
    """Which one."""
    reason: Word
    """Why not, such as `successor-has-left`."""


class HandoverResult(Published):
    """A service has given a leaver's work to the successors; a repeat is a newer version (R-52)."""

    handover_id: UUID
    """The hand-over of registry that this answers."""
    handover_version: Version | None = None
    """The version of the hand-over that this answers; absent: the first."""
    applied_on: Day
    """Business date on which the work changed hands."""
    moved: tuple[MovedWork, ...]
    """How much of each kind changed hands."""
    exceptions: tuple[HandoverException, ...] = ()
    """What could not be handed over."""
