"""Whose the customer is: declared, then by the place of signature, then by ruling (R-36, R-37)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict

from ..centres.organisation import Organisation
from .timelines import in_force, next_version, restated


class OwnershipRule(StrEnum):
    """What made a unit the owner."""

    DECLARATION = "declaration"
    OPENING = "opening"
    SIGNING_PLACE = "signing-place"
    ROUTING = "routing"
    TYPE_A = "type-a"
    TYPE_B = "type-b"
    TYPE_C = "type-c"
    TYPE_D = "type-d"
    RULING = "ruling"


class NobodyOwns(Conflict):
    """Before its declaration is approved a customer has no owner."""

    code = "nobody-owns"
    rule = "R-20"
    title_zh = "客户尚无归属"
    title_en = "Nobody owns the customer"


@dataclass(frozen=True, slots=True)
class Ownership:
    """A version of a customer's ownership."""

    owner_unit: str
    rule: OwnershipRule
    effective_on: date
    version: int
    ruling_id: UUID | None = None
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Nothing changes: the signature lies in the owner's territory, which is settled."""


@dataclass(frozen=True, slots=True)
class Established:
    """The place of signature makes the owner, or confirms the declared one (R-36).

    `displaced` are owners by a later signature that became known before this one.
    """

    ownership: Ownership
    displaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contested:
    """Business or a signature lies outside the owner's territory: a case for above (R-37)."""

    claimants: tuple[str, ...]


def first_owner(unit: str, rule: OwnershipRule, on: date) -> Ownership:
    """The owner whom an approved declaration or the opening register names (R-20)."""
    return Ownership(unit, rule, on, version=1)


def by_signature(
    history: Sequence[Ownership],
    organisation: Organisation,
    signed_at_unit: str,
    signed_on: date,
    decided_on: date,
) -> Established | Contested | Confirmed:
    """What a signature at `signed_at_unit` does to the ownership (R-36, R-37).

    The first signature, by its day, settles the territory: the centre of its place owns the
    customer, unless the declared owner covers that place or lies in it. A later signature, or one
    after the opening register or a ruling has settled it, is contested when it lies elsewhere and
    changes nothing by itself.
    """
    centre = organisation.centre_of(signed_at_unit).code
    current = require_owner(history)
    is_settled = current.rule is not OwnershipRule.DECLARATION
    is_first = current.rule is OwnershipRule.SIGNING_PLACE and signed_on < current.effective_on
    if is_settled and not is_first:
        is_at_home = organisation.overlap(centre, current.owner_unit)
        return Confirmed() if is_at_home else Contested((centre,))
    declared = _declared(history)
    owner = declared if organisation.overlap(centre, declared) else centre
    is_displaced = is_first and not organisation.overlap(owner, current.owner_unit)
    return Established(
        Ownership(
            owner_unit=owner,
            rule=OwnershipRule.SIGNING_PLACE,
            effective_on=signed_on,
            version=next_version(history),
            supersedes=restated(history, signed_on, decided_on),
        ),
        (current.owner_unit,) if is_displaced else (),
    )


def by_ruling(
    history: Sequence[Ownership],
    owner_unit: str,
    ruling_id: UUID,
    effective_on: date,
    ruled_on: date,
) -> Ownership:
    """The ownership that a ruling sets; before `ruled_on` it restates what was (R-37)."""
    return Ownership(
        owner_unit=owner_unit,
        rule=OwnershipRule.RULING,
        effective_on=effective_on,
        version=next_version(history),
        ruling_id=ruling_id,
        supersedes=restated(history, effective_on, ruled_on),
    )


def by_province(
    history: Sequence[Ownership],
    owner_unit: str,
    rule: OwnershipRule,
    effective_on: date,
    decided_on: date,
) -> Ownership | None:
    """The ownership that a type or a routing by the province sets (R-38 to R-43).

    None while a ruling stands, which outweighs both (C16), or where that unit owns it already.
    """
    current = require_owner(history)
    if current.rule is OwnershipRule.RULING or current.owner_unit == owner_unit:
        return None
    return Ownership(
        owner_unit=owner_unit,
        rule=rule,
        effective_on=effective_on,
        version=next_version(history),
        supersedes=restated(history, effective_on, decided_on),
    )


def elsewhere(
    organisation: Organisation,
    owner_unit: str,
    settled_units: Iterable[str],
    places: Iterable[str],
) -> Contested | Confirmed:
    """Whether business at `places` lies outside the territory of the owner (R-37).

    Units that the split in force already gives a share to are settled and contest nothing.
    """
    settled = [owner_unit, *settled_units]
    centres = {organisation.centre_of(place).code for place in places}
    claimants = tuple(
        sorted(
            centre
            for centre in centres
            if not any(organisation.overlap(centre, unit) for unit in settled)
        )
    )
    return Contested(claimants) if claimants else Confirmed()


def require_owner(history: Sequence[Ownership]) -> Ownership:
    """The newest version of who owns; raises NobodyOwns before the approval (R-20)."""
    if not history:
        raise NobodyOwns(
            "客户申报尚未批准，没有归属单位",
            "the declaration is not approved yet, so nobody owns the customer",
        )
    return max(history, key=lambda ownership: ownership.version)


def _declared(history: Sequence[Ownership]) -> str:
    """The owner before any signature."""
    declared = [each for each in history if each.rule is OwnershipRule.DECLARATION]
    return max(declared, key=lambda each: each.version).owner_unit


def owner_on(history: Sequence[Ownership], on: date) -> Ownership | None:
    """The ownership that holds on `on`, or None before the first."""
    return in_force(history, on)
