"""Interests of staff that conflict with the accounts that they look after (R-78)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor


class OnAssignment(StrEnum):
    """What happens when somebody is to look after the customer of an own interest."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class InterestKind:
    """A kind of interest that is declared."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class ConflictsOfInterest:
    """Which interests are declared, who declares for others, and what follows (R-78)."""

    policy_name: ClassVar[str] = "conflicts-of-interest"

    kinds: tuple[InterestKind, ...]
    registrar_roles: tuple[str, ...]
    """Who may enter an interest of somebody else."""
    on_assignment: str

    def __post_init__(self) -> None:
        if self.on_assignment not in set(OnAssignment):
            raise ValueError("an assignment is refused or warned about")


class UnknownInterest(Invalid):
    """The site registers no such kind of interest."""

    code = "unknown-interest"
    rule = "R-78"
    title_zh = "利益冲突类别不存在"
    title_en = "Unknown kind of interest"


class NotTheRegistrar(Forbidden):
    """People declare for themselves; for others the policy says who."""

    code = "not-the-registrar"
    rule = "R-78"
    title_zh = "无权代为申报"
    title_en = "Not the registrar"


class InterestEnded(Conflict):
    """The interest has ended already."""

    code = "interest-ended"
    rule = "R-78"
    title_zh = "利益关系已终止"
    title_en = "Interest ended"


class ConflictOfInterest(Conflict):
    """Nobody looks after a customer in whom he or she has an interest."""

    code = "conflict-of-interest"
    rule = "R-78"
    title_zh = "存在利益冲突"
    title_en = "Conflict of interest"


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest of somebody in a party: a customer, a supplier, an own business.

    The party is known by key, by unified credit code or by name; `until_on` is the last day.
    """

    interest_id: UUID
    staff_code: str
    unit: str
    kind: str
    party_name: str
    declared_on: date
    from_on: date
    unified_credit_code: str | None = None
    customer_key: UUID | None = None
    until_on: date | None = None


def declare(interest: Interest, actor: Actor, policy: ConflictsOfInterest) -> Interest:
    """The interest, if it may be entered by `actor` (R-78).

    Raises UnknownInterest, NotTheRegistrar, Invalid.
    """
    kinds = [each.kind for each in policy.kinds]
    if interest.kind not in kinds:
        raise UnknownInterest(
            f"没有利益冲突类别 {interest.kind}",
            f"no such kind of interest: {interest.kind}",
            pointer="/kind",
            kinds=kinds,
        )
    _require_registrar(interest.staff_code, actor, policy)
    if interest.from_on > interest.declared_on:
        raise Invalid(
            f"开始日期 {interest.from_on} 晚于申报日期 {interest.declared_on}",
            f"it begins on {interest.from_on}, after it was declared on {interest.declared_on}",
            pointer="/from_on",
        )
    return interest


def end(interest: Interest, actor: Actor, policy: ConflictsOfInterest, until_on: date) -> Interest:
    """The interest with its last day (R-78); raises InterestEnded, NotTheRegistrar, Invalid.

    Only a registrar ends an interest, so nobody clears the own name just before an assignment.
    """
    if interest.until_on is not None:
        raise InterestEnded(
            f"该利益关系已于 {interest.until_on} 终止",
            f"the interest ended on {interest.until_on}",
            until_on=interest.until_on.isoformat(),
        )
    if actor.staff_code == interest.staff_code or not actor.roles & set(policy.registrar_roles):
        raise _not_the_registrar(policy)
    if until_on < interest.from_on:
        raise Invalid(
            f"终止日期 {until_on} 早于开始日期 {interest.from_on}",
            f"it ends on {until_on}, before it began on {interest.from_on}",
            pointer="/until_on",
        )
    return Interest(
        *(interest.interest_id, interest.staff_code, interest.unit, interest.kind),
        *(interest.party_name, interest.declared_on, interest.from_on),
        unified_credit_code=interest.unified_credit_code,
        customer_key=interest.customer_key,
        until_on=until_on,
    )


def check_assignment(found: Sequence[Interest], policy: ConflictsOfInterest) -> tuple[str, ...]:
    """The people whose interests an assignment would touch, where the policy only warns (R-78).

    `found` are the interests in the customer of those who are to look after it. Raises
    ConflictOfInterest where the policy refuses.
    """
    people = tuple(sorted({interest.staff_code for interest in found}))
    if people and policy.on_assignment == OnAssignment.REFUSE:
        raise ConflictOfInterest(
            f"{'、'.join(people)} 与该客户存在已申报的利益关系",
            f"{', '.join(people)} declared an interest in this customer",
            staff_codes=list(people),
            interests=[str(interest.interest_id) for interest in found],
        )
    return people


def _require_registrar(staff_code: str, actor: Actor, policy: ConflictsOfInterest) -> None:
    if actor.staff_code != staff_code and not actor.roles & set(policy.registrar_roles):
        raise _not_the_registrar(policy)


def _not_the_registrar(policy: ConflictsOfInterest) -> NotTheRegistrar:
    return NotTheRegistrar(
        f"须由 {'、'.join(policy.registrar_roles)} 办理",
        f"{' or '.join(policy.registrar_roles)} enter this",
        roles=list(policy.registrar_roles),
    )
