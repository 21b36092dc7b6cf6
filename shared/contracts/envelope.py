"""What every fact of the suite is made of, whoever publishes it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,2})?")


def _amount_from_text(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError(
            '金额必须是字符串，最多两位小数，例如 "123.45" / '
            'money is a string with at most two decimals, such as "123.45"'
        )
    return Decimal(value)


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount_from_text, json_schema_input_type=str),
    Field(json_schema_extra={"type": "string", "pattern": _AMOUNT.pattern}),
]
Instant = AwareDatetime


class Part(BaseModel):
    """A piece of an event: immutable, and deaf to fields that a later minor version adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class MoneyAmount(Part):
    """An amount in one currency; the amount travels as a string, never as a number."""

    amount: Amount
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class CustomerReference(Part):
    """How another system names a customer: its own code, our 14-digit ID, or our key."""

    system: str | None = None
    code: str | None = None
    customer_id: str | None = Field(default=None, pattern=r"^\d{14}$")
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
    """The accepted fact that this one takes back, in part or in whole."""

    type: str
    ref: str = Field(min_length=1, max_length=200)


class Entity(Part):
    """Whose state a published fact shows; versions count that entity's changes from 1."""

    type: str
    id: str
    version: int = Field(ge=1)


class PolicyRef(Part):
    """The policy version that made a decision."""

    name: str
    version: int = Field(ge=1)


class Event(Part):
    """A fact in the past tense. Subclasses live in one module per publisher."""


class Enterprise(Event):
    """What another system publishes: `enterprise.<system>.<name>.v<major>`.

    `ref` is the sender's own number, unique per (system, event type).
    """

    name: ClassVar[str]
    major: ClassVar[int] = 1
    ref: str = Field(min_length=1, max_length=200)


class Published(Event):
    """What a service publishes on `subject`: an entity with its whole published state."""

    subject: ClassVar[str]
    entity: Entity
    customer_key: UUID | None = None


class Decision(Published):
    """A published fact that somebody decided, with what the decision saw."""

    as_of: date
    policy: PolicyRef | None = None
    inputs: dict[str, object] = Field(default_factory=dict)
