"""What requests and answers have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
SchemeName = Annotated[
    str, Query(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="方案 / scheme")
]


class Command(BaseModel):
    """The body of a command: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ChangeOut(BaseModel):
    """One input of a score that says something else now than when it was scored."""

    what: str
    before: str | None
    now: str | None
