"""Reports about centres: bureaus that lack what they need, posts that are empty (R-06, R-08)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING
from services.registry.domain.centres.organisation import Level, UnitKind
from services.registry.domain.centres.posts import CentrePosts, staffing
from services.registry.domain.centres.specialty_centres import SpecialtyCentres, lacking
from services.registry.storage.centres import reports
from shared.http import Keyset, Page, PageQuery, Reading, Role, Router
from shared.policy import in_force

router = Router(prefix="/v1/reports", tags=["reports"])
_UNITS = Keyset("unit text")
_READERS: frozenset[Role] = ADMINISTERING | {
    *("market_department", "supervisor", "specialty"),
    *("province_administrator", "auditor"),
}


class BureauOut(BaseModel):
    """A professional bureau with what it has and what it lacks (R-06)."""

    unit: str
    name: str
    level: Level
    specialty: str | None
    has_centre: bool
    is_granted: bool | None
    decided_on: date | None
    account_managers: int
    needed_account_managers: int
    lacks: list[Literal["centre-decision", "account-manager"]]
    policy_version: int


class PostOut(BaseModel):
    """A post that is filled too little, or by people where it does not exist (R-08)."""

    post: str
    zh: str
    en: str
    held: int
    minimum: int
    is_misplaced: bool


class StaffingOut(BaseModel):
    """The posts of a unit that are not as the policy says; `has_centre` when one was set up."""

    unit: str
    name: str
    level: Level
    kind: UnitKind
    has_centre: bool
    posts: list[PostOut]
    policy_version: int


@router.get("/specialty-bureaus", roles=_READERS)
async def bureaus(
    work: Reading,
    page: PageQuery,
    lacking_only: Annotated[bool, Query(description="只列有欠缺的 / only those that lack")] = False,
) -> Page[BureauOut]:
    """专业局设置检查 / professional bureaus, and what each lacks (R-06)."""
    policy = await in_force(work, SpecialtyCentres, work.today)
    needed = policy.body.account_managers

    def bureau(row: RowMapping) -> BureauOut:
        found = lacking(
            row["has_centre"], row["is_granted"] is True, row["account_managers"], needed
        )
        return BureauOut.model_validate(
            {
                **row,
                "needed_account_managers": 0 if row["has_centre"] else needed,
                "lacks": found,
                "policy_version": policy.version,
            }
        )

    return await page.read(
        work,
        f"SELECT * FROM ({reports.BUREAUS}) kept WHERE NOT :lacking_only"
        " OR CASE WHEN has_centre THEN is_granted IS NOT TRUE ELSE account_managers < :needed END",
        _UNITS,
        bureau,
        today=work.today,
        lacking_only=lacking_only,
        needed=needed,
    )


@router.get("/centre-posts", roles=_READERS)
async def posts(work: Reading, page: PageQuery) -> Page[StaffingOut]:
    """岗位配备检查 / how the posts of every unit are filled (R-08)."""
    policy = await in_force(work, CentrePosts, work.today)

    def unit(row: RowMapping) -> StaffingOut:
        wrong = staffing(Level(row["level"]), row["held"], policy.body)
        return StaffingOut(
            unit=row["unit"],
            name=row["name"],
            level=row["level"],
            kind=row["kind"],
            has_centre=row["has_centre"],
            posts=[
                PostOut(
                    **{name: getattr(each, name) for name in PostOut.model_fields},
                )
                for each in wrong
            ],
            policy_version=policy.version,
        )

    return await page.read(work, reports.POSTS_HELD, _UNITS, unit, today=work.today)
