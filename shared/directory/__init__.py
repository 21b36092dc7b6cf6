"""Projections of registry's facts that every service keeps, and the data scope made of them."""

from __future__ import annotations

from typing import Any

from shared.contracts.registry import (
    CustomerChanged,
    CustomerIdentityChanged,
    ScopeChanged,
    StaffChanged,
    UnitChanged,
)
from shared.directory import customers, grants, identities, scope, staff, units
from shared.messaging.cloudevents import Fact
from shared.messaging.consumers import Consumer, many
from shared.work import Work

DIRECTORY: tuple[Consumer, ...] = (
    many(UnitChanged, units.follow),
    many(StaffChanged, staff.follow),
    many(CustomerChanged, customers.follow),
    many(CustomerIdentityChanged, identities.follow),
    many(ScopeChanged, grants.follow),
)
"""The rows that a service puts first into its consumers."""


def directory(*further: Consumer) -> tuple[Consumer, ...]:
    """DIRECTORY for a service that does more with some of these facts.

    A row of `further` runs after the projection of its event is up to date:
    `Consumers(*directory(many(CustomerIdentityChanged, rebuild_totals.handle)), …)`.
    """
    own = {row.event: row for row in further}
    if len(own) != len(further) or not set(own) <= {row.event for row in DIRECTORY}:
        raise ValueError("a further row is for an event of the directory, one for each")
    return tuple(_then(row, own[row.event]) if row.event in own else row for row in DIRECTORY)


def _then(row: Consumer, further: Consumer) -> Consumer:
    async def both(work: Work, facts: list[Fact[Any]]) -> None:
        await row.handle(work, facts)
        await further.handle(work, facts)

    return Consumer(row.event, both)


__all__ = [
    "DIRECTORY",
    "customers",
    "directory",
    "grants",
    "identities",
    "scope",
    "staff",
    "units",
]
