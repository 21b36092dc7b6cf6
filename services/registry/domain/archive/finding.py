"""By which confidential values a customer is found, without anybody reading them (R-81)."""

from __future__ import annotations

from dataclasses import dataclass

from .content import Secrets, secrecy_at
from .parts.fields import Secrecy as S
from .parts.fields import Section
from .shapes import KINDS

_OF_THE_CUSTOMER = frozenset({Section.BASIC, Section.EXTENDED, Section.KEY_PEOPLE})
"""A competitor's people and those of one dealing are nobody to find the customer by."""


@dataclass(frozen=True, slots=True)
class Findable:
    """Phones and names of people, as they were written."""

    phones: tuple[str, ...]
    people: tuple[str, ...]


def findable(section: Section, secrets: Secrets) -> Findable:
    """The phones and people of a part by which the customer may be found."""
    if section not in _OF_THE_CUSTOMER:
        return Findable((), ())
    found: dict[S, list[str]] = {S.PHONE: [], S.PERSON: []}
    for pointer, value in secrets.items():
        secrecy = secrecy_at(KINDS[section], pointer)
        if secrecy in found:
            found[secrecy].extend([value] if isinstance(value, str) else value)
    return Findable(tuple(found[S.PHONE]), tuple(found[S.PERSON]))
