"""Whose a customer is and how its revenue is shared, with every version that ever held."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.registry.api.models import ShareOf, unknown
from services.registry.domain.belonging.ownership import OwnershipRule
from services.registry.domain.belonging.splits import SplitRule
from services.registry.domain.belonging.timelines import in_force
from services.registry.storage import reports
from services.registry.storage.belonging.ownership import ownership_from, split_from
from shared.contracts.values import Amount
from shared.directory.grants import visible
from shared.http import Reading, Router
from shared.work import Work

router = Router(prefix="/v1/customers/{customer_key}", tags=["ownership"])


class OwnershipOut(BaseModel):
    """A version of the ownership; valid on a day is the highest that has begun."""

    version: int
    owner_unit: str
    rule: OwnershipRule
    effective_on: date
    ruling_id: UUID | None
    supersedes: int | None


class SplitOut(BaseModel):
    """A version of the split; the increment is what goes beyond `base_amount` yuan a year.

    `overruled` are the rules that gave way (C16); `inputs` and the policy are what was weighed.
    """

    version: int
    base: list[ShareOf]
    increment: list[ShareOf]
    base_amount: Amount | None
    rule: SplitRule
    effective_on: date
    ruling_id: UUID | None
    supersedes: int | None
    overruled: list[SplitRule]
    inputs: dict[str, object]
    policy_name: str | None
    policy_version: int | None


class Ownerships(BaseModel):
    """Every version, and the one that holds on the day asked about."""

    on: date
    in_force: OwnershipOut | None
    versions: list[OwnershipOut]


class Splits(BaseModel):
    """Every version, and the one that holds on the day asked about."""

    on: date
    in_force: SplitOut | None
    versions: list[SplitOut]


@router.get("/ownership")
async def ownership(customer_key: UUID, work: Reading, on: date | None = None) -> Ownerships:
    """客户归属 / who owns the customer on a day, and who did before (R-36, R-37)."""
    await _require_visible(work, customer_key)
    rows = await work.rows(reports.OWNERSHIPS, key=customer_key)
    day = on or work.today
    held = in_force([ownership_from(row) for row in rows], day)
    versions = [OwnershipOut(**row) for row in rows]
    return Ownerships(
        on=day, in_force=versions[held.version - 1] if held else None, versions=versions
    )


@router.get("/split")
async def split(customer_key: UUID, work: Reading, on: date | None = None) -> Splits:
    """收入分成 / how the customer's revenue is shared on a day, and was before (R-45)."""
    await _require_visible(work, customer_key)
    rows = await work.rows(reports.SPLITS, key=customer_key)
    day = on or work.today
    held = in_force([split_from(row) for row in rows], day)
    versions = [SplitOut(**row) for row in rows]
    return Splits(on=day, in_force=versions[held.version - 1] if held else None, versions=versions)


async def _require_visible(work: Work, customer_key: UUID) -> None:
    found = await work.value(
        "SELECT 1 FROM customers c WHERE c.customer_key = :key"
        f" AND {visible('base', 'c.customer_key')}",
        key=customer_key,
    )
    if found is None:
        raise unknown(customer_key)
