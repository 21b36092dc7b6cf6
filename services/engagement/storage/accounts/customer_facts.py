"""The dated facts about customers that duties follow from: every version is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import Table

from services.engagement.domain.accounts.accounts import (
    Account,
    ClassSince,
    CustomerFacts,
    ManagersSince,
    OwnerSince,
    TierSince,
)
from services.engagement.domain.obligations.cadence import Contact
from services.engagement.storage import tables
from shared.contracts.registry import (
    CustomerChanged,
    ManagersAssigned,
    OwnershipChanged,
    Phase,
)
from shared.contracts.tiering import TierChanged
from shared.work import Work


async def keep_classes(
    work: Work, customers: Sequence[CustomerChanged], known_on: date
) -> set[UUID]:
    """Keep what sets these customers apart, as known on the business date `known_on`."""
    return await _keep(
        work,
        tables.classes,
        (
            {
                "customer_key": customer.customer_key,
                "version": customer.entity.version,
                "from_on": known_on,
                "specialty_class": customer.specialty_class,
                "visit_class": customer.visit_class,
            }
            for customer in customers
        ),
    )


async def keep_tiers(work: Work, tiers: Sequence[TierChanged]) -> set[UUID]:
    """Keep these tiers; returns the customers of whom something new is known."""
    return await _keep(
        work,
        tables.tiers,
        (
            {
                "customer_key": tier.customer_key,
                "scheme": tier.scheme,
                "version": tier.entity.version,
                "tier": tier.after,
                "effective_on": tier.effective_on,
                "decided_on": tier.as_of,
            }
            for tier in tiers
        ),
    )


async def keep_owners(work: Work, owners: Sequence[OwnershipChanged]) -> set[UUID]:
    """Keep who owns these customers; returns those of whom something new is known."""
    return await _keep(
        work,
        tables.owners,
        (
            {
                "customer_key": owner.customer_key,
                "version": owner.entity.version,
                "unit": owner.owner_unit,
                "effective_on": owner.effective_on,
            }
            for owner in owners
        ),
    )


async def keep_managers(work: Work, managers: Sequence[ManagersAssigned]) -> set[UUID]:
    """Keep the managers of these customers; returns those of whom something new is known."""
    return await _keep(
        work,
        tables.managers,
        (
            {
                "customer_key": pair.customer_key,
                "version": pair.entity.version,
                "a": pair.a_staff_code,
                "b": pair.b_staff_code,
                "phase": pair.phase.value,
                "effective_on": pair.effective_on,
            }
            for pair in managers
        ),
    )


async def load(
    work: Work, customer_keys: Sequence[UUID], contacts: dict[UUID, list[Contact]]
) -> dict[UUID, CustomerFacts]:
    """Everything known about each of `customer_keys`, with the `contacts` it has had."""
    accounts, undated = await _customers(work, customer_keys)
    classes = await _histories(work, "classes", customer_keys)
    tiers_of = await tiers(work, customer_keys)
    owners = await _histories(work, "owners", customer_keys)
    managers = await _histories(work, "managers", customer_keys)
    return {
        key: CustomerFacts(
            customer_key=key,
            account=accounts.get(key),
            classes=tuple(_class(row) for row in classes.get(key, ())) or undated.get(key, ()),
            tiers=tiers_of.get(key, ()),
            owners=tuple(_owner(row) for row in owners.get(key, ())),
            managers=tuple(_managers(row) for row in managers.get(key, ())),
            contacts=tuple(contacts.get(key, ())),
        )
        for key in customer_keys
    }


async def tiers(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, tuple[TierSince, ...]]:
    """The tiers of each of `customer_keys`, in every scheme."""
    histories = await _histories(work, "tiers", customer_keys)
    return {key: tuple(_tier(row) for row in rows) for key, rows in histories.items()}


async def _customers(
    work: Work, customer_keys: Sequence[UUID]
) -> tuple[dict[UUID, Account], dict[UUID, tuple[ClassSince, ...]]]:
    rows = await work.rows(
        "SELECT customer_key, coalesce(approved_on, registered_on) AS approved_on, suspended_on,"
        " closed_on, version, declared_on, specialty_class, visit_class"
        " FROM kit.customers WHERE customer_key = ANY(:keys)",
        keys=list(customer_keys),
    )
    accounts = {
        row["customer_key"]: Account(row["approved_on"], row["suspended_on"], row["closed_on"])
        for row in rows
    }
    classes: dict[UUID, tuple[ClassSince, ...]] = {
        row["customer_key"]: (
            ClassSince(
                row["version"], row["declared_on"], row["specialty_class"], row["visit_class"]
            ),
        )
        for row in rows
    }
    return accounts, classes


async def _histories(
    work: Work, table: str, customer_keys: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    rows = await work.rows(
        f"SELECT * FROM {table} WHERE customer_key = ANY(:keys) ORDER BY customer_key, version",
        keys=list(customer_keys),
    )
    histories: dict[UUID, list[Any]] = {}
    for row in rows:
        histories.setdefault(row["customer_key"], []).append(row)
    return histories


def _class(row: Any) -> ClassSince:
    return ClassSince(row["version"], row["from_on"], row["specialty_class"], row["visit_class"])


def _tier(row: Any) -> TierSince:
    return TierSince(
        row["version"], row["scheme"], row["tier"], row["effective_on"], row["decided_on"]
    )


def _owner(row: Any) -> OwnerSince:
    return OwnerSince(row["version"], row["effective_on"], row["unit"])


def _managers(row: Any) -> ManagersSince:
    lead = row["b"] if row["phase"] == Phase.MAINTENANCE else row["a"]
    return ManagersSince(row["version"], row["effective_on"], row["a"], row["b"], lead)


async def _keep(work: Work, table: Table, rows: Iterable[dict[str, Any]]) -> set[UUID]:
    """Add what is not known yet; returns the customers for whom a version was new."""
    key_columns = [column.name for column in table.primary_key]
    distinct = {tuple(row[name] for name in key_columns): row for row in rows}
    if not distinct:
        return set()
    statement = (
        insert(table)
        .values([distinct[key] for key in sorted(distinct)])
        .on_conflict_do_nothing()
        .returning(table.c.customer_key)
    )
    return set((await work.run(statement)).scalars())
