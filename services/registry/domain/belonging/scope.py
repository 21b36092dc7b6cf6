"""Who may see what of a customer, and when: computed from its history, never copied onto rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ..cases.disputes import Dispute
from ..register.customers import Customer
from .ownership import Ownership
from .timelines import spans


class Aspect(StrEnum):
    """What a grant lets a unit, and those above it, see."""

    BASE = "base"
    ARCHIVE = "archive"
    MONEY = "money"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A unit may see one aspect from the first to the last day; None: until further notice."""

    unit: str
    aspect: Aspect
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Presence:
    """A unit is concerned with a customer for some days, both included."""

    unit: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """Who else is concerned with a customer, and when.

    `operating`: the city of type A (R-38). `concerned`: who serves by type B or C (R-39, R-40), was
    informed of a routing (R-43), or may market with the owner's consent (R-46). `judging`: who
    rules disputes in the place of the ruling centre (R-42).
    """

    operating: tuple[Presence, ...] = ()
    concerned: tuple[Presence, ...] = ()
    judging: tuple[Presence, ...] = ()


NOBODY_ELSE = Others()

_EVERYTHING = (Aspect.BASE, Aspect.ARCHIVE, Aspect.MONEY)
_OPERATION = (Aspect.BASE, Aspect.MONEY)
_CONTACT = (Aspect.BASE,)
_CASE = (Aspect.DISPUTE,)


def grants_of(
    customer: Customer,
    ownerships: Sequence[Ownership],
    manager_units: Iterable[Presence],
    branch_owners: Iterable[Presence],
    disputes: Iterable[Dispute],
    others: Others = NOBODY_ELSE,
) -> tuple[Grant, ...]:
    """Every dated grant of a customer, past ones too, in order of unit, aspect and day.

    The owner, joint developers and the managers' units see everything; the declaring unit, the
    reporting branch and the owners of branch customers see the base; the parties of a dispute, its
    ruling centre and who rules in its place see the case, and nobody thereby another's archive. A
    city that operates for the province sees base and money; who serves, was informed or was
    allowed to market sees the base.
    """
    found: list[tuple[Presence, tuple[Aspect, ...]]] = [
        (Presence(span.held.owner_unit, span.from_on, span.until_on), _EVERYTHING)
        for span in spans(ownerships)
    ]
    found.append((Presence(customer.declaring_unit, customer.declared_on), _CONTACT))
    if customer.reporting_branch is not None:
        found.append((Presence(customer.reporting_branch, customer.declared_on), _CONTACT))
    if customer.approved_on is not None:
        found.extend(
            (Presence(unit, customer.approved_on), _EVERYTHING) for unit in customer.joint_units
        )
    found.extend((presence, _EVERYTHING) for presence in manager_units)
    found.extend((presence, _CONTACT) for presence in (*branch_owners, *others.concerned))
    found.extend((presence, _OPERATION) for presence in others.operating)
    found.extend((presence, _CASE) for presence in others.judging)
    found.extend(
        (Presence(unit, dispute.opened_on), _CASE)
        for dispute in disputes
        for unit in (*dispute.parties, dispute.ruling_unit)
    )
    return _merged(
        Grant(presence.unit, aspect, presence.from_on, presence.until_on)
        for presence, aspects in found
        for aspect in aspects
    )


def _merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    by_holder: dict[tuple[str, Aspect], list[Grant]] = {}
    for grant in grants:
        by_holder.setdefault((grant.unit, grant.aspect), []).append(grant)
    merged: list[Grant] = []
    for holder in sorted(by_holder):
        merged.extend(_joined(sorted(by_holder[holder], key=lambda grant: grant.from_on)))
    return tuple(merged)


def _joined(grants: list[Grant]) -> list[Grant]:
    """Overlapping or adjoining grants of one holder as one each."""
    joined = [grants[0]]
    for grant in grants[1:]:
        last = joined[-1]
        if last.until_on is not None and grant.from_on - timedelta(days=1) > last.until_on:
            joined.append(grant)
            continue
        ends = (last.until_on, grant.until_on)
        until_on = None if None in ends else max(end for end in ends if end is not None)
        joined[-1] = Grant(last.unit, last.aspect, last.from_on, until_on)
    return joined
