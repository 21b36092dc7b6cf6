"""Authority lent to a unit below, for some powers, until a day (R-42)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Level, Organisation


@dataclass(frozen=True)
class JurisdictionRules:
    """Who decides about belonging, how long authority is lent, when its end is announced (R-42)."""

    policy_name: ClassVar[str] = "jurisdiction-rules"

    decider_roles: tuple[str, ...]
    ratio_roles: tuple[str, ...]
    """Who sets the ratio of type B in a specialty bureau of the province (R-39)."""
    delegation_longest_days: int
    delegation_notice_days: int


class Power(StrEnum):
    """What may be delegated."""

    RULE_DISPUTES = "rule-disputes"
    APPROVE_DECLARATIONS = "approve-declarations"


class NotADecider(Forbidden):
    """Only some roles decide about belonging."""

    code = "not-a-decider"
    rule = "R-42"
    title_zh = "岗位无此决定权"
    title_en = "Not a decider"


class OnlyTheProvinceDecides(Forbidden):
    """What concerns the whole province is decided by the province."""

    code = "only-the-province-decides"
    rule = "R-42"
    title_zh = "须由省局大客户中心决定"
    title_en = "Only the province decides"


class DelegationOutOfReach(Invalid):
    """A centre delegates its own authority to a centre below, for a limited time."""

    code = "delegation-out-of-reach"
    rule = "R-42"
    title_zh = "委托不成立"
    title_en = "Delegation out of reach"


class BeforeDeclaration(Invalid):
    """Nothing about a customer takes effect before the day on which it was declared."""

    code = "before-declaration"
    rule = "R-20"
    title_zh = "生效日期早于申报"
    title_en = "Before the declaration"


class DelegationEnded(Conflict):
    """The delegation has ended or was revoked."""

    code = "delegation-ended"
    rule = "R-42"
    title_zh = "委托已终止"
    title_en = "Delegation ended"


@dataclass(frozen=True, slots=True)
class Delegation:
    """Authority of `from_unit` that `to_unit` has from the first to the last day.

    `revoked_on` is the first day on which it holds no more.
    """

    delegation_id: UUID
    from_unit: str
    to_unit: str
    powers: tuple[Power, ...]
    from_on: date
    until_on: date
    revoked_on: date | None = None
    version: int = 1

    @property
    def last_on(self) -> date:
        """The last day on which it holds, a revocation included."""
        if self.revoked_on is None:
            return self.until_on
        return min(self.until_on, self.revoked_on - timedelta(days=1))

    def holds(self, on: date) -> bool:
        """Whether it is in force `on`."""
        return self.from_on <= on <= self.last_on


def require_declared(declared_on: date, effective_on: date) -> date:
    """`effective_on`, if the customer was declared by then; raises BeforeDeclaration (R-20)."""
    if effective_on >= declared_on:
        return effective_on
    raise BeforeDeclaration(
        f"生效日期 {effective_on} 早于客户申报日期 {declared_on}",
        f"effective {effective_on}, before the customer was declared on {declared_on}",
        pointer="/effective_on",
        declared_on=declared_on.isoformat(),
    )


def require_authority(actor: Actor, rules: JurisdictionRules) -> Actor:
    """`actor`, if in a role that decides about belonging; raises NotADecider (R-42)."""
    if actor.roles & set(rules.decider_roles):
        return actor
    raise NotADecider(
        f"须由 {'、'.join(rules.decider_roles)} 决定",
        f"this is decided by {' or '.join(rules.decider_roles)}",
        decider_roles=list(rules.decider_roles),
    )


def require_province(actor: Actor, organisation: Organisation, rules: JurisdictionRules) -> Actor:
    """`actor`, if deciding for the province; raises NotADecider, OnlyTheProvinceDecides (R-42)."""
    require_authority(actor, rules)
    unit = organisation.unit(actor.unit)
    if unit.level is Level.PROVINCE and unit.parent is None:
        return actor
    raise OnlyTheProvinceDecides(
        f"{actor.unit} 无权决定，须由省局大客户中心决定",
        f"{actor.unit} cannot decide this; the province does",
        unit=actor.unit,
    )


def delegate(
    delegation: Delegation,
    actor: Actor,
    organisation: Organisation,
    rules: JurisdictionRules,
    on: date,
) -> Delegation:
    """The delegation, if `actor` may grant it (R-42); raises NotADecider, DelegationOutOfReach.

    The delegating unit is the actor's own; the other is a centre below it. It begins on `on` at the
    earliest, ends, and lasts no longer than the policy allows.
    """
    require_authority(actor, rules)
    organisation.require_centre(delegation.to_unit, "/to_unit")
    if not organisation.is_strictly_above(actor.unit, delegation.to_unit):
        raise DelegationOutOfReach(
            f"{delegation.to_unit} 不是 {actor.unit} 的下级",
            f"{delegation.to_unit} does not stand below {actor.unit}",
            pointer="/to_unit",
        )
    days = (delegation.until_on - delegation.from_on).days + 1
    if delegation.from_on < on or not 0 < days <= rules.delegation_longest_days:
        raise DelegationOutOfReach(
            f"委托自 {on} 起，至多 {rules.delegation_longest_days} 天，现为 {days} 天",
            f"a delegation begins on {on} at the earliest and lasts"
            f" {rules.delegation_longest_days} days at most, not {days}",
            pointer="/until_on",
            longest_days=rules.delegation_longest_days,
            days=days,
        )
    return delegation


def revoke(
    delegation: Delegation, actor: Actor, organisation: Organisation, rules: JurisdictionRules,
    on: date,
) -> Delegation:  # fmt: skip
    """The delegation, over from `on` on (R-42); raises NotADecider, DelegationEnded."""
    require_authority(actor, rules)
    if not organisation.is_within(delegation.from_unit, actor.unit):
        raise OnlyTheProvinceDecides(
            f"委托由 {delegation.from_unit} 作出",
            f"the delegation was granted by {delegation.from_unit}",
            unit=delegation.from_unit,
        )
    if delegation.last_on < on:
        raise DelegationEnded(
            f"委托已于 {delegation.last_on} 终止",
            f"the delegation ended on {delegation.last_on}",
            ended_on=delegation.last_on.isoformat(),
        )
    return dataclasses.replace(delegation, revoked_on=on, version=delegation.version + 1)


@dataclass(frozen=True, slots=True)
class Authority:
    """In whose place somebody decides; without a delegation in one's own."""

    actor: Actor
    delegation: Delegation | None = None


def authority_of(
    actor: Actor,
    power: Power,
    delegations: Iterable[Delegation],
    organisation: Organisation,
    on: date,
    *,
    needed: str,
    concerned: Sequence[str],
) -> Authority:
    """In whose place `actor` decides about `concerned` units, which needs the centre `needed`.

    Whoever works there or above decides in the own place. Otherwise a delegation of that power by
    `needed`, or by a centre above it, puts the actor in the place of the one who lent it. To
    approve, the delegate must cover all who are concerned; to rule, it must be none of them, nor
    above or below one: nobody judges in the own case (R-42).
    """
    if organisation.is_within(needed, actor.unit):
        return Authority(actor)
    for lent in sorted(delegations, key=lambda each: (each.from_on, str(each.delegation_id))):
        if lent.to_unit != actor.unit or power not in lent.powers or not lent.holds(on):
            continue
        if not organisation.is_within(needed, lent.from_unit):
            continue
        if power is Power.RULE_DISPUTES:
            fits = not any(organisation.overlap(unit, lent.to_unit) for unit in concerned)
        else:
            fits = all(organisation.is_within(unit, lent.to_unit) for unit in concerned)
        if fits:
            return Authority(dataclasses.replace(actor, unit=lent.from_unit), lent)
    return Authority(actor)
