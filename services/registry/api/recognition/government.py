"""Government customers by type of body, with the analysis of their value (R-25)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import RESPONSIBLE, OnDay, actor, in_sight, itself
from services.registry.domain.recognition.government import GovernmentBodies
from services.registry.handlers.recognition import classify_government
from services.registry.handlers.recognition.classify_government import ClassifyGovernment
from services.registry.storage.recognition import reports
from shared.contracts.values import Amount, Word
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force

router = Router(tags=["recognition"])
_VERSIONS = Keyset("version integer", descending=True)
Answer = Annotated[str, Field(max_length=2000)]


class ProfileIn(OnDay):
    """What kind of body it is and what it is worth; amounts in yuan a year.

    The policy `government-bodies` names the types and the questions of the analysis.
    """

    body_type: Word
    analysis: dict[Word, Answer] = Field(default={}, max_length=50)
    current_value: Amount | None = None
    potential_value: Amount | None = None


class ProfileOut(BaseModel):
    """A version; the analysis is shown to those who may see the customer's archive."""

    customer_key: UUID
    version: int
    body_type: str
    analysis: dict[str, str] | None
    current_value: Amount | None
    potential_value: Amount | None
    analysed_on: date
    analysed_by: str
    policy_version: int
    recorded_at: datetime


class BodyOut(BaseModel):
    """How many customers in sight are bodies of a type; amounts as far as archives are."""

    body_type: str
    zh: str
    en: str
    customers: int
    current_value: Amount | None
    potential_value: Amount | None


class BodiesOut(BaseModel):
    """Every type of body, those without a customer too."""

    types: list[BodyOut]
    policy_version: int


@router.put("/v1/customers/{customer_key}/government-profile", roles=RESPONSIBLE)
async def classify(
    customer_key: UUID, body: ProfileIn, expected_version: IfMatch, work: Commanding
) -> ProfileOut:
    """政府客户分类和价值分析 / classify a government customer; "0" before the first version."""
    await itself(work, customer_key)
    command = ClassifyGovernment(
        *(customer_key, actor(work), expected_version, body.body_type),
        analysis=body.analysis,
        current_value=body.current_value,
        potential_value=body.potential_value,
        on=body.on,
    )
    profile = await classify_government.handle(work, command)
    row = await work.row(
        f"{reports.PROFILES} AND g.version = :version", key=customer_key, version=profile.version
    )
    assert row is not None, "the customer is in sight"
    return _profile(row)


@router.get("/v1/customers/{customer_key}/government-profile")
async def history(customer_key: UUID, work: Reading, page: PageQuery) -> Page[ProfileOut]:
    """政府客户档案 / the versions of a government profile, the last one first: it holds."""
    await in_sight(work, customer_key)
    return await page.read(work, reports.PROFILES, _VERSIONS, _profile, key=customer_key)


@router.get("/v1/reports/government-bodies")
async def bodies(work: Reading) -> BodiesOut:
    """政府客户分类统计 / government customers in sight, by type of body."""
    policy = await in_force(work, GovernmentBodies, work.today)
    counted = {row["body_type"]: row for row in await work.rows(reports.BODIES)}
    types = []
    for each in policy.body.types:
        found = counted.get(each.body_type)
        types.append(
            BodyOut(
                body_type=each.body_type,
                zh=each.zh,
                en=each.en,
                customers=found["customers"] if found else 0,
                current_value=found["current_value"] if found else None,
                potential_value=found["potential_value"] if found else None,
            )
        )
    return BodiesOut(types=types, policy_version=policy.version)


def _profile(row: RowMapping) -> ProfileOut:
    return ProfileOut(**row)
