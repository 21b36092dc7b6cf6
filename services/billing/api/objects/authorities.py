"""An agent's power of attorney, as it is given and shown (B-10)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.billing.api.models import Command
from services.billing.domain.objects.authorities import Authority
from shared.contracts.values import Day, Label, Name


class AuthorityIn(Command):
    """A notarised power of attorney; `sha256` is the hash of the scanned document."""

    document: Label
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    notary: Name
    certificate: Label
    notarised_on: Day
    valid_until_on: Day | None = None

    def authority(self) -> Authority:
        """What the domain knows of it."""
        return Authority(**dict(self))


class AuthorityOut(BaseModel):
    """A notarised power of attorney."""

    document: str
    sha256: str
    notary: str
    certificate: str
    notarised_on: date
    valid_until_on: date | None
