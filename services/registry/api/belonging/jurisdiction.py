"""What the province and its bureaus set for all, and the authority they lend (R-39 to R-42)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.belonging.types import WeightOf
from services.registry.api.models import DECIDING, Command, OnDay, Reason, actor
from services.registry.domain.belonging.jurisdiction import JurisdictionRules, Power
from services.registry.domain.belonging.types import Weight
from services.registry.handlers.belonging import delegate_authority, set_provincial_terms
from services.registry.handlers.belonging.delegate_authority import (
    DelegateAuthority,
    RevokeDelegation,
)
from services.registry.handlers.belonging.set_provincial_terms import (
    SetBenefitWeights,
    SetServiceRatio,
)
from services.registry.storage.belonging import reports
from services.registry.storage.belonging.delegations import UnknownDelegation
from shared.contracts.values import Code, Exact
from shared.directory import scope
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1", tags=["jurisdiction"])
_TERMS = Keyset("kind text", "unit text", "sequence integer")
_LENT = Keyset("last_on date", "delegation_id uuid")


class RatioIn(OnDay):
    """The developer's share where a customer of type B is served by others: "0.7" is 70 %."""

    developer_share: Exact
    effective_on: date
    reason: Reason


class WeightsIn(OnDay):
    """How the benefit of type D is distributed among cities."""

    weights: list[WeightOf] = Field(min_length=1, max_length=100)
    effective_on: date
    reason: Reason


class TermsOut(BaseModel):
    """What a unit set for all customers of a type."""

    kind: str
    unit: str
    sequence: int
    effective_on: date
    body: object
    decided_by: str
    decided_on: date
    reason: str


class DelegationIn(Command):
    """Powers of the own unit for a unit below, from today or later until the last day."""

    to_unit: Code
    powers: list[Power] = Field(min_length=1, max_length=10)
    from_on: date | None = None
    until_on: date
    reason: Reason


class RevocationIn(OnDay):
    """The delegation holds no more from the day on."""


class DelegationOut(BaseModel):
    """Authority that a unit has for some time; `last_on` is the last day, a revocation included."""

    delegation_id: UUID
    from_unit: str
    to_unit: str
    powers: list[Power]
    from_on: date
    until_on: date
    last_on: date
    is_in_force: bool
    granted_by: str
    granted_on: date
    reason: str
    revoked_by: str | None
    revoked_on: date | None
    version: int


@router.post("/service-ratios", status_code=201, roles=DECIDING | {"specialty"})
async def ratio(body: RatioIn, work: Commanding) -> TermsOut:
    """制定服务分成比例 / the specialty bureau sets who serves how much (R-39)."""
    command = SetServiceRatio(
        by=actor(work),
        developer_share=Decimal(body.developer_share),
        **body.model_dump(exclude={"developer_share"}),
    )
    found = await set_provincial_terms.ratio(work, command)
    return await _terms(work, "service-ratio", found.unit, found.version)


@router.post("/benefit-weights", status_code=201, roles=DECIDING)
async def weights(body: WeightsIn, work: Commanding) -> TermsOut:
    """制定丁类效益分配权重 / the province weighs the cities (R-41)."""
    by = actor(work)
    command = SetBenefitWeights(
        by=by,
        weights=[Weight(each.unit, Decimal(each.weight)) for each in body.weights],
        **body.model_dump(exclude={"weights"}),
    )
    found = await set_provincial_terms.weights(work, command)
    return await _terms(work, "benefit-weights", by.unit, found.version)


@router.get("/sharing-terms")
async def terms(work: Reading, page: PageQuery) -> Page[TermsOut]:
    """分成办法 / every ratio and every set of weights, with who set it."""
    return await page.read(work, reports.SHARING_TERMS, _TERMS, _row)


@router.post("/delegations", status_code=201, roles=DECIDING)
async def delegate(body: DelegationIn, work: Commanding) -> DelegationOut:
    """委托管理权限 / lend authority to a centre below until a day (R-42)."""
    await scope.require_unit(work, body.to_unit)
    command = DelegateAuthority(by=actor(work), **body.model_dump())
    found = await delegate_authority.grant(work, command)
    return await _delegation(work, found.delegation_id)


@router.get("/delegations")
async def delegations(work: Reading, page: PageQuery) -> Page[DelegationOut]:
    """委托一览 / authority lent to the own unit and those below it, by its last day."""
    return await page.read(work, reports.DELEGATIONS, _LENT, _lent, today=work.today)


@router.get("/delegations/ending")
async def ending(work: Reading, page: PageQuery) -> Page[DelegationOut]:
    """即将到期的委托 / what ends within the policy's days, the soonest first (R-42)."""
    rules = await in_force(work, JurisdictionRules, work.today)
    until = work.today + timedelta(days=rules.body.delegation_notice_days)
    return await page.read(work, reports.ENDING, _LENT, _lent, today=work.today, until=until)


@router.post("/delegations/{delegation_id}/revoke", roles=DECIDING)
async def revoke(
    delegation_id: UUID, body: RevocationIn, expected_version: IfMatch, work: Commanding
) -> DelegationOut:
    """收回委托 / end a delegation before its day (R-42)."""
    await _delegation(work, delegation_id)
    command = RevokeDelegation(delegation_id, actor(work), expected_version, body.on)
    await delegate_authority.revoke(work, command)
    return await _delegation(work, delegation_id)


def _row(row: RowMapping) -> TermsOut:
    return TermsOut(**row)


def _lent(row: RowMapping) -> DelegationOut:
    return DelegationOut(**row)


async def _terms(work: Work, kind: str, unit: str, sequence: int) -> TermsOut:
    row = await work.row(
        f"{reports.SHARING_TERMS} WHERE kind = :kind AND unit = :unit AND sequence = :sequence",
        kind=kind,
        unit=unit,
        sequence=sequence,
    )
    assert row is not None, "it was added a moment ago"
    return TermsOut(**row)


async def _delegation(work: Work, delegation_id: UUID) -> DelegationOut:
    row = await work.row(
        f"{reports.DELEGATIONS} AND d.delegation_id = :id", id=delegation_id, today=work.today
    )
    if row is None:
        raise UnknownDelegation(
            f"没有委托 {delegation_id}", f"there is no delegation {delegation_id} that you may see"
        )
    return DelegationOut(**row)
