"""An original or a summary gets into custody, changes hands, is damaged or lost (R-71, R-72)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.custody.assets import (
    ArchiveCustody,
    Asset,
    AssetKind,
    AssetState,
    keep,
    report,
)
from services.registry.domain.archive.custody.loans import require_at_home
from services.registry.domain.archive.files import require_custodian
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.centres.staff import StaffState
from services.registry.storage.archive import audit, custody, files
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation, staff
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RegisterAsset:
    """What belongs to whose archive, and who keeps it."""

    customer_key: UUID
    kind: AssetKind
    label: str
    keeper: str
    by: Actor
    on: date | None = None


@dataclass(frozen=True, slots=True)
class HandAsset:
    """Who keeps an asset from now on, and why."""

    asset_id: UUID
    keeper: str
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportAsset:
    """What happened to an asset in its keeper's hands."""

    asset_id: UUID
    condition: AssetState
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def register(work: Work, command: RegisterAsset) -> Asset:
    """Take an asset into custody; raises WrongKeeper, WrongCustodian, NotResponsible."""
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    asset = Asset(
        *(new_id(), customer.customer_key, command.kind, command.label, command.keeper),
        *(AssetState.INTACT, 1),
    )
    await _require_keeper(work, asset, command.by)
    await custody.keep_asset(work, asset, on, command.by.staff_code)
    await _log(work, asset, command.by, command.label)
    return asset


async def hand_over(work: Work, command: HandAsset) -> Asset:
    """Give an asset that is at home to another keeper. Raises as `register`, LentAlready.

    What a keeper had lent when he left comes back to the next one (R-52).
    """
    on = business_day(command.on, work.today)
    asset = await custody.load_asset(work, command.asset_id)
    require_version(command.expected_version, asset.version)
    keeper = await staff.on_day(work, asset.keeper, work.today, "/asset_id")
    if keeper.state is StaffState.ACTIVE:
        require_at_home(await custody.borrowers(work, asset.asset_id))
    handed = replace(asset, keeper=command.keeper, version=asset.version + 1)
    await _require_keeper(work, handed, command.by)
    await custody.keep_asset(work, handed, on, command.by.staff_code, command.reason)
    await _log(work, handed, command.by, command.reason)
    return handed


async def report_condition(work: Work, command: ReportAsset) -> Asset:
    """The keeper reports damage or loss. Raises NotTheKeeper, LentAlready, StaleVersion."""
    on = business_day(command.on, work.today)
    asset = await custody.load_asset(work, command.asset_id)
    require_version(command.expected_version, asset.version)
    require_at_home(await custody.borrowers(work, asset.asset_id))
    reported = report(asset, command.by, command.condition)
    await custody.keep_asset(work, reported, on, command.by.staff_code, command.reason)
    await _log(work, reported, command.by, command.reason)
    return reported


async def _require_keeper(work: Work, asset: Asset, by: Actor) -> None:
    key = asset.customer_key
    policy = await in_force(work, ArchiveCustody, work.today)
    owner = require_owner(await ownership.ownerships(work, key)).owner_unit
    require_responsible(by, [owner], await organisation.lineage(work, [owner, by.unit]))
    keeper = await staff.on_day(work, asset.keeper, work.today, "/keeper")
    keep(asset, keeper.roles, policy.body)
    if asset.kind is AssetKind.ORIGINAL:
        require_custodian(keeper, await files.units_in_sight(work, key), "/keeper")


async def _log(work: Work, asset: Asset, by: Actor, purpose: str) -> None:
    entry = audit.entry(
        work,
        AuditAction.KEEP,
        staff_code=by.staff_code,
        customer_key=asset.customer_key,
        purpose=purpose,
        details={
            "asset_id": str(asset.asset_id),
            "keeper": asset.keeper,
            "state": asset.state.value,
            "version": asset.version,
        },
    )
    await audit.add(work, [entry])
