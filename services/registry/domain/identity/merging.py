"""Two customers that are one: who decides, what stands against it, how it is undone (R-81)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.identity.merge_refusals import (
    CannotMerge,
    NotMerged,
    NotTheMerger,
    StalePreview,
)
from services.registry.domain.register.closing import Matter
from services.registry.domain.register.customers import CustomerState
from shared.errors import Invalid


@dataclass(frozen=True)
class MergeRules:
    """Who may decide that two customers are one, and that they are not (R-81)."""

    policy_name: ClassVar[str] = "merge-rules"

    decider_roles: tuple[str, ...]


class Obstacle(StrEnum):
    """What has to be settled before two customers become one."""

    SAME = "same-customer"
    MERGED = "already-merged"
    SURVIVOR_MERGED = "survivor-is-merged"
    CIRCLE = "circle"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    PENDING = "declaration-pending"
    DISPUTED = "open-dispute"
    CHANGING = "change-applied-for"
    CREDIT_CODES = "different-credit-codes"
    FAMILY = "head-office-and-branch"
    BEHIND = "survivor-less-advanced"


class Remark(StrEnum):
    """What a director should know, and what stands against nothing."""

    IDS = "different-ids"
    OWNERS = "different-owners"
    MANAGERS = "different-managers"
    NAMES = "different-names"
    BRANCHES = "has-branches"
    HANDOVERS = "hand-over-running"
    LOANS = "originals-lent"


@dataclass(frozen=True, slots=True)
class Holding:
    """What is known of one of the two when they are compared."""

    customer_key: UUID
    name: str
    state: CustomerState
    customer_id: str | None
    unified_credit_code: str | None
    head_office_key: UUID | None
    owner_unit: str
    managers: tuple[str | None, str | None]
    pending_declarations: int
    branches: int
    under_way: Mapping[Matter, Sequence[UUID]]
    root: UUID
    """Who it is today: itself, or the survivor of its chain."""


_RANK = (CustomerState.DECLARED, CustomerState.APPROVED, CustomerState.REGISTERED)


def obstacles(merged: Holding, survivor: Holding) -> tuple[Obstacle, ...]:
    """What stands against `merged` becoming part of `survivor`, in a fixed order (R-81).

    Different IDs do not: both stay known. Nor do different owners: a merge moves no territory,
    which only a ruling does (R-37).
    """
    both = (merged, survivor)
    codes = {each.unified_credit_code for each in both} - {None}
    found = {
        Obstacle.SAME: merged.customer_key == survivor.customer_key,
        Obstacle.MERGED: merged.root != merged.customer_key,
        Obstacle.SURVIVOR_MERGED: survivor.root not in (survivor.customer_key, merged.customer_key),
        Obstacle.CIRCLE: merged.customer_key != survivor.customer_key
        and survivor.root == merged.customer_key,
        Obstacle.CLOSED: any(each.state is CustomerState.CLOSED for each in both),
        Obstacle.SUSPENDED: any(each.state is CustomerState.SUSPENDED for each in both),
        Obstacle.PENDING: any(each.pending_declarations for each in both),
        Obstacle.DISPUTED: any(Matter.DISPUTES in each.under_way for each in both),
        Obstacle.CHANGING: any(Matter.CHANGES in each.under_way for each in both),
        Obstacle.CREDIT_CODES: len(codes) > 1,
        Obstacle.FAMILY: merged.head_office_key == survivor.customer_key
        or survivor.head_office_key == merged.customer_key,
        Obstacle.BEHIND: _is_behind(survivor.state, merged.state),
    }
    return tuple(obstacle for obstacle, stands in found.items() if stands)


def remarks(merged: Holding, survivor: Holding) -> tuple[Remark, ...]:
    """What is different about the two and stands against nothing."""
    ids = {merged.customer_id, survivor.customer_id} - {None}
    found = {
        Remark.IDS: len(ids) > 1,
        Remark.OWNERS: merged.owner_unit != survivor.owner_unit,
        Remark.MANAGERS: merged.managers != survivor.managers,
        Remark.NAMES: merged.name != survivor.name,
        Remark.BRANCHES: bool(merged.branches),
        Remark.HANDOVERS: Matter.HANDOVERS in merged.under_way,
        Remark.LOANS: Matter.LOANS in merged.under_way,
    }
    return tuple(remark for remark, stands in found.items() if stands)


def require_mergeable(merged: Holding, survivor: Holding) -> None:
    """Raise CannotMerge with all that stands against it (R-81)."""
    found = obstacles(merged, survivor)
    if found:
        raise CannotMerge(
            f"客户 {merged.customer_key} 暂不能并入 {survivor.customer_key}：{'、'.join(found)}",
            f"the customer {merged.customer_key} cannot become part of {survivor.customer_key}:"
            f" {', '.join(found)}",
            obstacles=[each.value for each in found],
        )


def require_decider(
    actor: Actor, units: Organisation, owners: Collection[str], policy: MergeRules, version: int
) -> None:
    """Make sure that the actor stands at or above both owners, in a role that decides (R-81).

    Raises NotTheMerger.
    """
    if not actor.roles & set(policy.decider_roles):
        raise NotTheMerger(
            f"{actor.staff_code} 没有决定合并的岗位（{'、'.join(policy.decider_roles)}）",
            f"{actor.staff_code} has none of the roles {', '.join(policy.decider_roles)}",
            decider_roles=list(policy.decider_roles),
            policy_version=version,
        )
    outside = sorted(unit for unit in owners if not units.is_within(unit, actor.unit))
    if outside:
        raise NotTheMerger(
            f"{'、'.join(outside)} 不在 {actor.unit} 的辖区内，须由共同的上级决定",
            f"{', '.join(outside)} lies outside {actor.unit}; a centre above both decides",
            units=outside,
            policy_version=version,
        )


def require_fresh(seen: str, present: str) -> None:
    """Raise StalePreview unless both still hold what the director saw (R-81)."""
    if seen != present:
        raise StalePreview(
            "预览之后情况已有变化，请重新预览",
            "something has changed since the preview; read it again",
            pointer="/preview",
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """One entry of the journal: whom a customer is part of from now on, None: of nobody."""

    customer_key: UUID
    version: int
    survivor: UUID | None
    merge_id: UUID
    on: date
    by: str
    reason: str


def merge(
    history: Sequence[Identity], entry: Identity, merged: Holding, survivor: Holding
) -> Identity:
    """The entry that makes `merged` part of `survivor`; raises CannotMerge, Invalid (R-81)."""
    require_mergeable(merged, survivor)
    _require_order(history, entry.on)
    return entry


def undo(history: Sequence[Identity], merge_id: UUID, by: str, reason: str, on: date) -> Identity:
    """The entry that makes the customer itself again: a newer version without survivor (R-81).

    Raises NotMerged when that merge holds no more, Invalid.
    """
    if not history or history[-1].survivor is None or history[-1].merge_id != merge_id:
        raise NotMerged("该合并已不再有效", "that merge holds no more", merge_id=str(merge_id))
    _require_order(history, on)
    last = history[-1]
    return Identity(last.customer_key, last.version + 1, None, last.merge_id, on, by, reason)


def _require_order(history: Sequence[Identity], on: date) -> None:
    if history and on < history[-1].on:
        raise Invalid(
            f"日期 {on} 早于上一次决定的日期 {history[-1].on}",
            f"{on} is before the last decision of {history[-1].on}",
            pointer="/on",
        )


def _is_behind(one: CustomerState, other: CustomerState) -> bool:
    return one in _RANK and other in _RANK and _RANK.index(one) < _RANK.index(other)
