"""What every fact of the suite is made of, whoever publishes it.

Evolution is additive within a major. A field that may be absent is optional with a default; a
closed vocabulary (StrEnum) never grows within a major, since a reader that is one release behind
must still understand every value; a vocabulary that will grow is a `Word` or a `Label`, and a
consumer that meets an unknown one treats it as "other".
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

CENT = Decimal("0.01")
AMOUNT_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$"
NUMBER_PATTERN = r"^-?[0-9]{1,30}(\.[0-9]{1,40})?$"
_AMOUNT = re.compile(AMOUNT_PATTERN)
_NUMBER = re.compile(NUMBER_PATTERN)


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _amount(value: object) -> Decimal:
    text = _plain(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError(
            '金额必须是字符串，最多两位小数，例如 "123.45" / '
            'money is a string with at most two decimals, such as "123.45"'
        )
    return Decimal(text).quantize(CENT)


def _number(value: object) -> Decimal:
    text = _plain(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError(
            '精确小数必须是字符串，例如 "0.6" / an exact number is a string, such as "0.6"'
        )
    return Decimal(text)


def _without_floats(value: dict[str, object]) -> dict[str, object]:
    pending: list[object] = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, float):
            raise ValueError("小数必须写成字符串 / a number with decimals is written as a string")
        if isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list | tuple):
            pending.extend(part)
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount, json_schema_input_type=str),
    PlainSerializer(_plain, return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": AMOUNT_PATTERN}),
]
"""Money of one currency: a string on the wire, a Decimal with exactly two decimals here."""

Exact = Annotated[
    Decimal,
    BeforeValidator(_number, json_schema_input_type=str),
    PlainSerializer(_plain, return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": NUMBER_PATTERN}),
]
"""A quantity, rate, share or score: a string on the wire, every digit kept."""

Instant = AwareDatetime
Ref = Annotated[str, Field(min_length=1, max_length=200)]
"""A sender's own number of what it reports."""
Code = Annotated[str, Field(min_length=1, max_length=64)]
"""The code of a unit, a member of staff, a system, an object."""
Name = Annotated[str, Field(min_length=1, max_length=300)]
"""The name of an organisation, a unit or a thing."""
Label = Annotated[str, Field(min_length=1, max_length=100)]
"""An open vocabulary of the site, in any script: business lines, industries, metrics."""
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
"""An open vocabulary of the suite: rules, channels, tiers, roles. Unknown words are no error."""
Text = Annotated[str, Field(max_length=20_000)]
"""Free text; only in what other systems send, never in a fact of ours."""
CustomerId = Annotated[str, Field(pattern=r"^[0-9]{14}$")]
"""The 14-digit number for people, issued at registration (R-31)."""
DivisionCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
"""An administrative division of GB/T 2260."""
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
"""A year, a quarter or a month: `2026`, `2026-Q1`, `2026-03`."""
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A calendar month: `2026-03`."""
Year = Annotated[int, Field(ge=1900, le=9999)]
Count = Annotated[int, Field(ge=0)]
Version = Annotated[int, Field(ge=1)]
Inputs = Annotated[dict[str, object], AfterValidator(_without_floats)]
"""What a decision saw, by name; numbers with decimals are strings."""


class Part(BaseModel):
    """A piece of an event: immutable, and deaf to fields that a later minor version adds."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class MoneyAmount(Part):
    """An amount in one currency; the amount travels as a string, never as a number."""

    amount: Amount
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class CustomerReference(Part):
    """How another system names a customer: its own code, our 14-digit ID, or our key."""

    system: Code | None = None
    code: Code | None = None
    customer_id: CustomerId | None = None
    customer_key: UUID | None = None

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
    type: Word
    """Event name without major, such as `revenue_recorded`."""
    ref: Ref


class Entity(Part):
    """Whose state a published fact shows; versions count that entity's changes from 1."""

    type: Word
    id: Ref
    version: Version


class PolicyRef(Part):
    """The policy version that made a decision."""

    name: Word
    version: Version


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

    as_of: date
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
    entity is `fact`, its id is `<system>/<type>/<ref>` (or the event id when there is no ref).
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
    pointer: Annotated[str, Field(max_length=200)] | None = None
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
    applied_on: date
    """Business date on which the work changed hands."""
    moved: tuple[MovedWork, ...]
    """How much of each kind changed hands."""
    exceptions: tuple[HandoverException, ...] = ()
    """What could not be handed over."""
