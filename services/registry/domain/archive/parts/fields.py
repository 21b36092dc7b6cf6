"""What a field of an archive says of itself: open, or confidential and how it is masked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """What an archive consists of: four parts (R-61), yearly figures and dealings (R-65)."""

    BASIC = "basic"
    EXTENDED = "extended"
    KEY_PEOPLE = "key-people"
    COMPETITORS = "competitors"
    ANNUAL = "annual"
    JOURNAL = "journal"


PARTS = (Section.BASIC, Section.EXTENDED, Section.KEY_PEOPLE, Section.COMPETITORS)
"""The four parts (R-61); they are what completeness and confirmation are asked of (R-69)."""


class Secrecy(StrEnum):
    """How a confidential value is shown to somebody without permission (R-70)."""

    PERSON = "person"
    PHONE = "phone"
    EMAIL = "email"
    TEXT = "text"
    HIDDEN = "hidden"
    """Not at all: a date or an amount has no masked form."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in an archive; `item` is the year or the entry, empty for a part."""

    section: Section
    item: str = ""


AS_PERSON = {"secrecy": Secrecy.PERSON}
AS_PHONE = {"secrecy": Secrecy.PHONE}
AS_EMAIL = {"secrecy": Secrecy.EMAIL}
AS_TEXT = {"secrecy": Secrecy.TEXT}
HIDDEN = {"secrecy": Secrecy.HIDDEN}
"""Metadata of a dataclass field that is sealed at rest and masked as it says (R-74)."""
