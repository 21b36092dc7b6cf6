"""Registry's state once more, at unchanged versions, for whoever was away or is new.

Each function publishes one page after the key `after` and returns the last key, or None at the end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.handlers import publishing
from services.registry.handlers.archive.publishing import archive_overdue
from services.registry.handlers.handovers.publishing import handover_completed, handover_started
from services.registry.handlers.identity.publishing import customer_identity_changed
from services.registry.storage.archive import freshness
from services.registry.storage.belonging import contracts as contract_storage
from services.registry.storage.belonging import ownership, scopes
from services.registry.storage.cases import told
from services.registry.storage.centres import organisation, staff
from services.registry.storage.identity import identities as identity_storage
from services.registry.storage.people import handovers as handover_storage
from services.registry.storage.people import managers as manager_storage
from services.registry.storage.register import customers as customer_storage
from shared.contracts.envelope import PolicyRef
from shared.service import Republish
from shared.work import Work

PAGE = 500


async def units(work: Work, after: str | None) -> str | None:
    """Every unit as it is now."""
    codes = await _keys(work, "units", "unit", after)
    for code in codes:
        work.publish(publishing.unit_changed(await organisation.load(work, code)))
    return _last(codes)


async def staff_states(work: Work, after: str | None) -> str | None:
    """Every published state of everybody."""
    codes = await _keys(work, "staff_states", "staff_code", after)
    for code in codes:
        for state in await staff.published(work, code):
            work.publish(publishing.staff_changed(state))
    return _last(codes)


async def _customer(work: Work, key: UUID) -> None:
    customer = await customer_storage.load(work, key)
    codes = await customer_storage.codes(work, key)
    work.publish(publishing.customer_changed(customer, codes))


async def _ownerships(work: Work, key: UUID) -> None:
    for version in await ownership.ownerships(work, key):
        work.publish(publishing.ownership_changed(key, version))


async def _splits(work: Work, key: UUID) -> None:
    for version in await ownership.splits(work, key):
        work.publish(publishing.split_changed(key, version, work.currency))


async def _scope(work: Work, key: UUID) -> None:
    grants, version = await scopes.current(work, key)
    if version:
        work.publish(publishing.scope_changed(key, grants, version))


async def _managers(work: Work, key: UUID) -> None:
    managers, version = await manager_storage.current(work, key)
    if managers is not None:
        work.publish(publishing.managers_assigned(key, managers, version))


async def identities(work: Work, after: str | None) -> str | None:
    """Whom every customer that was ever merged is part of, or that it is itself again (R-81)."""
    keys = await _keys(work, "identities", "customer_key", after)
    for key in keys:
        newest = (await identity_storage.history(work, UUID(key)))[-1]
        work.publish(customer_identity_changed(newest))
    return _last(keys)


async def handovers(work: Work, after: str | None) -> str | None:
    """Every hand-over as it stands, and whether it is complete."""
    keys = await _keys(work, "handovers", "handover_id", after)
    for key in keys:
        handover = await handover_storage.load(work, UUID(key))
        lines = (await handover_storage.lines(work, handover.handover_id)).values()
        work.publish(handover_started(handover, lines))
        if handover.completed_on is not None:
            answers = await handover_storage.answers(work, handover.handover_id, handover.version)
            work.publish(handover_completed(handover, answers))
    return _last(keys)


async def contracts(work: Work, after: str | None) -> str | None:
    """Every framework contract that was signed."""
    ids = await _keys(work, "contracts", "contract_id", after)
    for contract in await contract_storage.load_all(work, [UUID(each) for each in ids]):
        work.publish(publishing.contract_signed(contract))
    return _last(ids)


async def disputes(work: Work, after: str | None) -> str | None:
    """Everything that was told of every dispute: decisions, as they were taken (R-37)."""
    ids = await _keys(work, "dispute_facts", "dispute_id", after)
    for dispute_id in ids:
        for fact in await told.of(work, UUID(dispute_id)):
            work.publish(fact)
    return _last(ids)


async def archives(work: Work, after: str | None) -> str | None:
    """Every lapse of an archive that was noticed (R-67)."""
    keys = await _keys(work, "archive_overdue_notices", "customer_key", after)
    for key in keys:
        for lapse, version in await freshness.noticed(work, UUID(key)):
            policy = PolicyRef(name=ArchiveFreshness.policy_name, version=version)
            work.publish(archive_overdue(lapse, policy))
    return _last(keys)


def _of_customers(publish: Callable[[Work, UUID], Awaitable[None]]) -> Republish:
    async def page(work: Work, after: str | None) -> str | None:
        keys = await _keys(work, "customers", "customer_key", after)
        for key in keys:
            await publish(work, UUID(key))
        return _last(keys)

    return page


async def _keys(work: Work, table: str, column: str, after: str | None) -> Sequence[str]:
    rows = await work.rows(
        f"SELECT DISTINCT {column}::text AS key FROM {table}"
        f" WHERE CAST(:after AS text) IS NULL OR {column}::text > :after"
        " ORDER BY key LIMIT :page",
        after=after,
        page=PAGE,
    )
    return [row["key"] for row in rows]


def _last(keys: Sequence[str]) -> str | None:
    return keys[-1] if len(keys) == PAGE else None


REPUBLISH: dict[str, Republish] = {
    "units": units,
    "staff": staff_states,
    "customers": _of_customers(_customer),
    "identities": identities,
    "scope": _of_customers(_scope),
    "ownership": _of_customers(_ownerships),
    "splits": _of_customers(_splits),
    "managers": _of_customers(_managers),
    "handovers": handovers,
    "contracts": contracts,
    "disputes": disputes,
    "archives": archives,
}
