"""Customers that other systems have seen: linked, perhaps a duplicate, never registered (R-81)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Conflict, Invalid


class InvalidCreditCode(Invalid):
    """The text is no unified social credit code: its length, signs or check character are wrong."""

    code = "invalid-credit-code"
    rule = "R-81"
    title_zh = "统一社会信用代码无效"
    title_en = "Invalid credit code"


class CustomerExists(Conflict):
    """Somebody declared it before: tells whom to ask and nothing else about the customer."""

    code = "customer-exists"
    rule = "R-81"
    title_zh = "客户已存在"
    title_en = "Customer exists"


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


def require_new(same_credit_code: Sequence[tuple[UUID, str]], family: UUID | None) -> None:
    """Make sure that nobody else has the credit code; raises CustomerExists (R-81).

    `same_credit_code` holds (customer, unit to ask); `family` is the head office of a branch, which
    may share its code.
    """
    others = [(key, unit) for key, unit in same_credit_code if key != family]
    if others:
        raise exists_already(*others[0])


def exists_already(customer_key: UUID, centre: str) -> CustomerExists:
    """The refusal of somebody who is known: whom to ask, and nothing else (R-81)."""
    return CustomerExists(
        f"该客户已申报，请向 {centre} 大客户中心查询",
        f"this customer was declared before; ask the centre {centre}",
        pointer="/customer/unified_credit_code",
        customer_key=str(customer_key),
        centre=centre,
    )


def name_key(name: str) -> str:
    """What two spellings of one name have in common: width, case, blanks and signs put aside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
