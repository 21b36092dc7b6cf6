"""Customers that other systems have seen: linked, perhaps a duplicate, never registered (R-81)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Linked:
    """The code belongs to this customer from now on."""

    customer_key: UUID


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """It may be one of these; a person decides."""

    candidates: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody registry knows; what concerns it waits."""


def recognise(
    held_by: UUID | None, same_credit_code: Sequence[UUID], same_name: Sequence[UUID]
) -> Linked | PossibleDuplicate | Unknown:
    """Who an observed customer is (R-81).

    A code that is cross-referenced stays where it is. The unified credit code of exactly one
    customer links; an equal name alone, or a credit code of several, only makes a candidate.
    """
    if held_by is not None:
        return Linked(held_by)
    if len(same_credit_code) == 1:
        return Linked(same_credit_code[0])
    candidates = tuple(sorted({*same_credit_code, *same_name}, key=str))
    return PossibleDuplicate(candidates) if candidates else Unknown()


def name_key(name: str) -> str:
    """What two spellings of one name have in common: width, case, blanks and signs put aside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
