"""What groups owe against what they may, and who is near the limit (B-17, B-34)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.domain.credit.exposure import Standing, limit_of
from services.billing.domain.credit.warnings import CreditWarnings, Warned
from services.billing.handlers.credit.credit_facts import body_of, limits_in_force
from services.billing.storage.credit import reports
from services.billing.storage.credit.groups import usual
from shared import policy
from shared.contracts.values import Amount, Exact
from shared.errors import NotFound
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/credit", tags=["credit"])
_CROSSINGS = Keyset("recorded_at instant", "customer_key uuid", "version integer", descending=True)
_RISKS = Keyset("exposure numeric", "customer_key uuid", descending=True)
_SHOWN = Decimal("0.0001")


class UnknownCredit(NotFound):
    """No such customer, or none whose money the caller may know of."""

    code = "unknown-customer"
    title_zh = "没有此客户"
    title_en = "No such customer"


class MemberOut(BaseModel):
    """What one customer of the group owes and has reserved."""

    customer_key: UUID
    receivable: Amount
    unapplied: Amount
    reserved: Amount
    exposure: Amount
    version: int


class GroupOut(BaseModel):
    """What a head office and all its branches owe together, and may.

    `credit_limit` is decided where it has a `limit_version`, else the policy's for the `grade`,
    `tier` and `customer_class` of its head office;
    none: no limit. `use` is the fraction of the limit that is taken.
    """

    receivable: Amount
    unapplied: Amount
    reserved: Amount
    exposure: Amount
    credit_limit: Amount | None
    limit_version: int | None
    policy_version: int | None
    grade: str | None
    tier: str | None
    customer_class: str | None
    available: Amount | None
    use: Exact | None
    is_exceeded: bool
    version: int


class CreditOut(BaseModel):
    """The credit of a customer's group: the whole for who sees the head office, and its members."""

    customer_key: UUID
    head_office_key: UUID
    group: GroupOut | None
    members: list[MemberOut]
    version: int


class CrossingOut(BaseModel):
    """A group came above its limit (`is_exceeded`), or is within it again."""

    customer_key: UUID
    version: int
    is_exceeded: bool
    as_of: date
    receivable: Amount
    unapplied: Amount
    reserved: Amount
    exposure: Amount
    credit_limit: Amount | None
    limit_version: int | None
    grade: str | None
    tier: str | None
    customer_class: str | None
    policy_version: int | None
    recorded_at: datetime


class RiskOut(BaseModel):
    """A group that somebody should look after, and why."""

    customer_key: UUID
    owner_unit: str | None
    exposure: Amount
    receivable: Amount
    unapplied: Amount
    reserved: Amount
    credit_limit: Amount | None
    limit_version: int | None
    grade: str | None
    tier: str | None
    customer_class: str | None
    use: Exact | None
    overdue: Amount
    oldest_due_on: date | None
    days_overdue: int
    reasons: list[Warned]
    policy_version: int


@router.get("/customers/{customer_key}")
async def shown(customer_key: UUID, work: Reading) -> CreditOut:
    """客户授信与敞口 / what a customer's group owes and may, now, with its parts."""
    members = await work.rows(reports.MEMBERS, customer_key=customer_key)
    if not members:
        raise UnknownCredit("没有此客户，或您无权知悉", "no such customer, or none you may know of")
    group = await group_of(work, customer_key)
    return CreditOut(
        customer_key=customer_key,
        head_office_key=members[0]["group_key"],
        group=group,
        members=[
            MemberOut(
                **{key: value for key, value in each.items() if key != "group_key"},
                exposure=each["receivable"] - each["unapplied"] + each["reserved"],
            )
            for each in members
        ],
        version=sum(each["version"] for each in members),
    )


@router.get("/crossings")
async def crossings(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[CrossingOut]:
    """超限记录 / when groups came above their limits and below again, the latest first."""
    return await page.read(
        work,
        reports.CROSSINGS,
        _CROSSINGS,
        lambda row: CrossingOut(**row),
        customer_key=customer_key,
    )


@router.get("/risks")
async def risks(
    work: Reading,
    page: PageQuery,
    unit: Annotated[
        str | None, Query(max_length=64, description="归属单位及其下级 / owner unit and below")
    ] = None,
) -> Page[RiskOut]:
    """欠费风险预控 / groups near or above their limit or long overdue, the largest first."""
    warnings = await policy.in_force(work, CreditWarnings, work.today)
    limits = body_of(await limits_in_force(work, work.today))
    grades, tiers, classes, amounts = usual(limits)

    def risk(row: RowMapping) -> RiskOut:
        due_on = row["oldest_due_on"]
        return RiskOut(
            **row,
            use=_use(row["exposure"], row["credit_limit"]),
            days_overdue=0 if due_on is None else (work.today - due_on).days,
            reasons=warnings.body.of(row["exposure"], row["credit_limit"], due_on, work.today),
            policy_version=warnings.version,
        )

    return await page.read(
        work,
        reports.RISKS,
        _RISKS,
        risk,
        on=work.today,
        unit=unit,
        scheme=None if limits is None else limits.scheme,
        grades=grades,
        tiers=tiers,
        classes=classes,
        amounts=amounts,
        use=warnings.body.use,
        overdue_days=warnings.body.overdue_days,
    )


async def group_of(work: Work, customer_key: UUID) -> GroupOut | None:
    """The customer's group as it stands now; None for who does not see its head office."""
    limits = await limits_in_force(work, work.today)
    scheme = None if limits is None else limits[0].scheme
    row = await work.row(reports.GROUP, customer_key=customer_key, on=work.today, scheme=scheme)
    if row is None:
        return None
    standing = Standing(*row.values())
    limit = limit_of(standing, limits)
    return GroupOut(
        receivable=standing.receivable,
        unapplied=standing.unapplied,
        reserved=standing.reserved,
        exposure=standing.exposure,
        credit_limit=limit.amount,
        limit_version=limit.version,
        policy_version=limit.policy_version,
        **asdict(limit.traits),
        available=(
            None if limit.amount is None else max(limit.amount - standing.exposure, Decimal("0.00"))
        ),
        use=_use(standing.exposure, limit.amount),
        is_exceeded=limit.amount is not None and standing.exposure > limit.amount,
        version=standing.version,
    )


def _use(exposure: Decimal, limit: Decimal | None) -> Decimal | None:
    return None if not limit else (exposure / limit).quantize(_SHOWN, ROUND_HALF_UP)
