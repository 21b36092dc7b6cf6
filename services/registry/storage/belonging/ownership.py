"""Ownerships and splits of a customer: dated versions, every one kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.belonging.ownership import Ownership, OwnershipRule
from services.registry.domain.belonging.splits import PolicyVersion, Share, Shares, Split, SplitRule
from services.registry.storage import tables
from shared.work import Work


async def ownerships(work: Work, customer_key: UUID) -> list[Ownership]:
    """Every version of who owns the customer, the oldest first."""
    return (await ownerships_of(work, [customer_key]))[customer_key]


async def ownerships_of(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, list[Ownership]]:
    """As `ownerships`, of each of the customers."""
    found: dict[UUID, list[Ownership]] = {key: [] for key in customer_keys}
    for row in await work.rows(
        "SELECT * FROM ownerships WHERE customer_key = ANY(:keys) ORDER BY version",
        keys=list(found),
    ):
        found[row["customer_key"]].append(ownership_from(row))
    return found


async def add_ownership(work: Work, customer_key: UUID, ownership: Ownership) -> None:
    """Add a version."""
    await work.run(insert(tables.ownerships).values(ownership_row(work, customer_key, ownership)))


async def splits(work: Work, customer_key: UUID) -> list[Split]:
    """Every version of how the customer's revenue is shared, the oldest first."""
    rows = await work.rows(
        "SELECT * FROM splits WHERE customer_key = :key ORDER BY version", key=customer_key
    )
    return [split_from(row) for row in rows]


async def add_split(work: Work, customer_key: UUID, split: Split) -> None:
    """Add a version."""
    await work.run(insert(tables.splits).values(split_row(work, customer_key, split)))


def ownership_row(work: Work, customer_key: UUID, ownership: Ownership) -> dict[str, object]:
    """The row of a version."""
    return {
        "customer_key": customer_key,
        "version": ownership.version,
        "owner_unit": ownership.owner_unit,
        "rule": ownership.rule.value,
        "effective_on": ownership.effective_on,
        "ruling_id": ownership.ruling_id,
        "supersedes": ownership.supersedes,
        "recorded_at": work.now,
    }


def split_row(work: Work, customer_key: UUID, split: Split) -> dict[str, object]:
    """The row of a version."""
    return {
        "customer_key": customer_key,
        "version": split.version,
        "base": shares_to_json(split.base),
        "increment": shares_to_json(split.increment),
        "base_amount": split.base_amount,
        "rule": split.rule.value,
        "effective_on": split.effective_on,
        "ruling_id": split.ruling_id,
        "supersedes": split.supersedes,
        "overruled": [rule.value for rule in split.overruled],
        "inputs": dict(split.inputs),
        "policy_name": None if split.policy is None else split.policy.name,
        "policy_version": None if split.policy is None else split.policy.version,
        "recorded_at": work.now,
    }


def ownership_from(row: RowMapping) -> Ownership:
    """The ownership that a row of the table says."""
    return Ownership(
        owner_unit=row["owner_unit"],
        rule=OwnershipRule(row["rule"]),
        effective_on=row["effective_on"],
        version=row["version"],
        ruling_id=row["ruling_id"],
        supersedes=row["supersedes"],
    )


def split_from(row: RowMapping) -> Split:
    """The split that a row of the table says."""
    return Split(
        base=shares_from_json(row["base"]),
        increment=shares_from_json(row["increment"]),
        base_amount=row["base_amount"],
        rule=SplitRule(row["rule"]),
        effective_on=row["effective_on"],
        version=row["version"],
        ruling_id=row["ruling_id"],
        supersedes=row["supersedes"],
        overruled=tuple(SplitRule(rule) for rule in row["overruled"]),
        inputs=row["inputs"],
        policy=_policy(row),
    )


def _policy(row: RowMapping) -> PolicyVersion | None:
    name = row["policy_name"]
    return None if name is None else PolicyVersion(name, row["policy_version"])


def shares_to_json(shares: Shares) -> list[dict[str, str]]:
    """Shares as they are stored: fractions as text, every digit kept."""
    return [{"unit": part.unit, "share": str(part.share)} for part in shares]


def shares_from_json(stored: Sequence[dict[str, str]]) -> Shares:
    """The shares that were stored."""
    return tuple(Share(part["unit"], Decimal(part["share"])) for part in stored)
