"""What belongs to an archive besides its parts, and who keeps it (R-71, C27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.registry.domain.actors import Actor
from shared.errors import Forbidden, Invalid


class AssetKind(StrEnum):
    """The two copies of an archive (C27)."""

    ORIGINAL = "original"
    """Paper or an object: one piece, kept by the key-account manager, lent against a register."""
    SUMMARY = "summary"
    """The electronic summary list, which supervisors may be given."""


class AssetState(StrEnum):
    """What became of an asset; where it is, its keeper and its loans say."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LOST = "lost"


class WrongKeeper(Invalid):
    """The keeper of an original is a key-account manager, of a summary a supervisor."""

    code = "wrong-keeper"
    rule = "R-71"
    title_zh = "保管人不符"
    title_en = "Wrong keeper"


class NotTheKeeper(Forbidden):
    """The keeper answers for the original, so he decides, hands out and takes back."""

    code = "not-the-keeper"
    rule = "R-72"
    title_zh = "须由保管人办理"
    title_en = "Not the keeper"


@dataclass(frozen=True)
class ArchiveCustody:
    """R-71, R-72. Which roles may keep which kind of asset, and for how many days one is lent."""

    policy_name: ClassVar[str] = "archive-custody"

    keeper_roles: Mapping[AssetKind, Sequence[str]]
    loan_days: int

    def __post_init__(self) -> None:
        if self.loan_days < 1:
            raise ValueError("借期至少一天 / a loan lasts a day at least")


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that belongs to an archive; `keeper` is a staff code."""

    asset_id: UUID
    customer_key: UUID
    kind: AssetKind
    label: str
    keeper: str
    state: AssetState
    version: int


def keep(asset: Asset, keeper_roles: frozenset[str], policy: ArchiveCustody) -> Asset:
    """`asset`, if its keeper has a role that may keep it; raises WrongKeeper (R-71)."""
    allowed = policy.keeper_roles.get(asset.kind, ())
    if keeper_roles.isdisjoint(allowed):
        raise WrongKeeper(
            f"{asset.keeper} 不具备保管角色：{'、'.join(allowed)}",
            f"{asset.keeper} has none of the roles {', '.join(allowed)}",
            pointer="/keeper",
            kind=asset.kind.value,
            keeper_roles=list(allowed),
        )
    return asset


def worn(asset: Asset, condition: AssetState) -> Asset:
    """`asset` after what happened to it: damage is not undone by a later look."""
    order = list(AssetState)
    worse = max(asset.state, condition, key=order.index)
    return replace(asset, state=worse, version=asset.version + 1)


def report(asset: Asset, by: Actor, condition: AssetState) -> Asset:
    """The keeper reports damage or loss of what is in his own hands; raises NotTheKeeper."""
    require_keeper(asset, by)
    return worn(asset, condition)


def require_keeper(asset: Asset, by: Actor) -> None:
    """Make sure that the actor keeps the asset; raises NotTheKeeper (R-72)."""
    if by.staff_code != asset.keeper:
        raise NotTheKeeper(
            f"须由保管人 {asset.keeper} 办理",
            f"{asset.keeper} keeps it and has to do this",
            keeper=asset.keeper,
        )
