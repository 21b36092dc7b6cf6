"""What requests and answers have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.values import Word

Reason = Annotated[str, Field(min_length=1, max_length=1000)]
SchemeName = Annotated[Word, Query(description="方案 / scheme")]


class Command(BaseModel):
    """The body of a command: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ChangeOut(BaseModel):
    """One input of a score that says something else now than when it was scored."""

    what: str
    before: str | None
    now: str | None
