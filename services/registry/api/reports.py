"""Reports: who owns how many key accounts, and how many each manager has (R-10, R-36)."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING
from services.registry.domain.centres.organisation import Level
from services.registry.domain.people.workload import Load, ManagerLoad, assess
from services.registry.storage import reports
from shared.contracts.values import Code
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force

router = Router(prefix="/v1/reports", tags=["reports"])
_UNITS = Keyset("unit text")
_STAFF = Keyset("staff_code text")


class OwnerOut(BaseModel):
    """A unit with the living key accounts that it owns, as far as in sight."""

    unit: str
    name: str
    level: Level
    customers: int
    policy_accounts: int
    approved: int
    registered: int
    suspended: int
    disputed: int


class LoadOut(BaseModel):
    """Key accounts of one account manager; `load` compares those led with the policy (R-10)."""

    staff_code: str
    name: str
    unit: str
    leads: int
    supports: int
    load: Load
    policy_version: int


@router.get("/owners")
async def owners(work: Reading, page: PageQuery) -> Page[OwnerOut]:
    """归属一览 / key accounts per owner unit."""
    return await page.read(work, reports.OWNERS, _UNITS, _owner, today=work.today)


@router.get(
    "/manager-load",
    roles=ADMINISTERING
    | {"market_department", "supervisor", "sales_director", "province_administrator", "auditor"},
)
async def manager_load(work: Reading, page: PageQuery, unit: Code | None = None) -> Page[LoadOut]:
    """客户经理负荷 / key accounts per manager, with those below and above the policy (R-10)."""
    policy = await in_force(work, ManagerLoad, work.today)

    def load(row: RowMapping) -> LoadOut:
        judged = assess(row["leads"], policy.body)
        return LoadOut(**row, load=judged, policy_version=policy.version)

    return await page.read(
        work,
        f"{reports.LOAD} AND (CAST(:unit AS text) IS NULL OR s.unit = :unit)",
        _STAFF,
        load,
        today=work.today,
        unit=unit,
    )


def _owner(row: RowMapping) -> OwnerOut:
    return OwnerOut(**row)
