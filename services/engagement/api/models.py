"""What requests and answers have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from shared.contracts.values import Day, Instant

WordQuery = Annotated[str, Query(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
CodeQuery = Annotated[str, Query(min_length=1, max_length=64)]
Money = Annotated[Decimal, PlainSerializer(lambda amount: format(amount, "f"), return_type=str)]
"""An amount of an answer, in the site's currency: a string with two decimals."""
Words = Annotated[str, Field(max_length=20_000)]
"""Free text; sealed where it is kept."""


class Command(BaseModel):
    """The body of a command: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class OnDay(Command):
    """A command that happens on a business day, never in the future."""

    on: Day | None = Field(
        default=None, description="业务日期，默认今天 / business date, today if left out"
    )


class AtInstant(Command):
    """A command that happens at an instant, never in the future."""

    at: Instant | None = Field(
        default=None, description="发生时刻，默认现在 / when it happened, now if left out"
    )
