"""Reports about people: staffing, customers that lack contact people, trust (R-10, R-49, R-54)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING
from services.registry.api.people.contacts import trust_window
from services.registry.domain.centres.organisation import Level
from services.registry.domain.people.contact_people import ContactPeople, Lack, lacks
from services.registry.domain.people.trust import Asset, CustomerTrust
from services.registry.domain.people.workload import ManagerLoad, Staffing, plan_staff
from services.registry.storage.people import reports
from shared.http import Keyset, Page, PageQuery, Reading, Role, Router
from shared.policy import in_force

router = Router(prefix="/v1/reports", tags=["reports"])
OVERSEEING: frozenset[Role] = ADMINISTERING | {
    *("market_department", "supervisor", "sales_director", "province_administrator", "auditor"),
}
_UNITS = Keyset("unit text")
_CUSTOMERS = Keyset("customer_key uuid")


class StaffingOut(BaseModel):
    """A centre's key accounts and managers, and how many managers the policy asks for (R-10)."""

    unit: str
    name: str
    level: Level
    accounts: int
    managers: int
    needs_at_least: int
    needs_at_most: int
    staffing: Staffing
    policy_version: int


class LackOut(BaseModel):
    """An important or promising new customer, and what it lacks (R-49)."""

    customer_key: UUID
    customer_id: str | None
    name: str
    owner_unit: str | None
    approved_on: date
    people: list[str]
    last_report_on: date | None
    lacks: list[Lack]
    policy_version: int


class TrustedOut(BaseModel):
    """To whom a customer's first calls go; `people` are those of us who got them in person."""

    customer_key: UUID
    customer_id: str | None
    name: str
    asset: Asset
    index: Decimal
    to_company: int
    to_person: int
    people: list[str]
    policy_version: int


@router.get("/staffing-plan", roles=OVERSEEING)
async def staffing_plan(work: Reading, page: PageQuery) -> Page[StaffingOut]:
    """人员配备计划 / how many account managers every centre needs for its accounts (R-10)."""
    policy = await in_force(work, ManagerLoad, work.today)

    def shown(row: RowMapping) -> StaffingOut:
        plan = plan_staff(row["accounts"], row["managers"], policy.body)
        return StaffingOut(
            **row,
            needs_at_least=plan.at_least,
            needs_at_most=plan.at_most,
            staffing=plan.verdict,
            policy_version=policy.version,
        )

    return await page.read(work, reports.STAFFING, _UNITS, shown, today=work.today)


@router.get("/contact-people", roles=OVERSEEING | {"account_manager"})
async def contact_people(work: Reading, page: PageQuery) -> Page[LackOut]:
    """联系人不足的新客户 / important or promising new customers that lack contact people (R-49)."""
    policy = await in_force(work, ContactPeople, work.today)
    asked = policy.body

    def shown(row: RowMapping) -> LackOut:
        missing = lacks(len(row["people"]), row["last_report_on"], asked, work.today)
        return LackOut(**row, lacks=missing, policy_version=policy.version)

    return await page.read(
        work,
        reports.CONTACT_PEOPLE,
        _CUSTOMERS,
        shown,
        today=work.today,
        reported_from=work.today - timedelta(days=asked.report_days),
        new_from=work.today - timedelta(days=asked.new_for_days),
        minimum_people=asked.minimum_people,
        kinds=list(asked.kinds),
        visit_classes=list(asked.visit_classes),
        specialty_classes=list(asked.specialty_classes),
        schemes=[scheme for scheme, _ in asked.tiers],
        tiers=[tier for _, tier in asked.tiers],
    )


@router.get("/customer-trust", roles=OVERSEEING)
async def customer_trust(
    work: Reading, page: PageQuery, asset: Asset | None = None
) -> Page[TrustedOut]:
    """客户信任度 / customers by whom they call first: personal assets are at risk (R-54)."""
    policy = await in_force(work, CustomerTrust, work.today)

    def shown(row: RowMapping) -> TrustedOut:
        calls = row["to_company"] + row["to_person"]
        share = (Decimal(row["to_company"]) / calls).quantize(Decimal("0.0001"))
        return TrustedOut(**row, index=share, policy_version=policy.version)

    return await page.read(
        work,
        reports.TRUSTED,
        _CUSTOMERS,
        shown,
        minimum=policy.body.minimum_first_calls,
        share=policy.body.company_share,
        asset=asset and asset.value,
        **trust_window(policy.body, work.today),
    )
