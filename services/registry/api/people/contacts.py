"""Who of us is in touch with a customer, and whom the customer turns to (R-54, R-80)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import ADMINISTERING, unknown
from services.registry.domain.people.contact_people import JointContact, must_inform_each_other
from services.registry.domain.people.trust import Asset, CustomerTrust, index, judge
from services.registry.storage.people import reports
from shared.contracts.values import Code
from shared.directory import identities
from shared.directory.grants import visible
from shared.errors import Forbidden
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.policy import Versioned, in_force
from shared.work import Work

router = Router(tags=["contacts"])
_NEWS = Keyset("occurred_at instant", "contact_id uuid", descending=True)


class FirstCallOut(BaseModel):
    """A contact that the customer began after a silence."""

    occurred_at: datetime
    channel: str
    company_channel: bool
    staff_codes: list[str]


class TrustOut(BaseModel):
    """The index of a customer with what it was counted from; `index` is the company's share."""

    customer_key: UUID
    asset: Asset
    index: Decimal | None
    to_company: int
    to_person: int
    from_on: date
    until_on: date
    first_calls: list[FirstCallOut]
    policy_version: int


class InTouchOut(BaseModel):
    """One of us who is in touch with the customer; None: only as its manager."""

    staff_code: str
    last_at: datetime | None
    contacts: int
    is_manager: bool


class TouchOut(BaseModel):
    """Everybody of us in touch with a customer; two or more act as one (R-80)."""

    customer_key: UUID
    people: list[InTouchOut]
    must_inform_each_other: bool
    since_on: date
    policy_version: int


class NewsOut(BaseModel):
    """A contact of somebody else with a customer whom one is in touch with."""

    contact_id: UUID
    customer_key: UUID
    name: str
    channel: str
    direction: str
    staff_codes: list[str]
    occurred_at: datetime


def trust_window(policy: CustomerTrust, today: date) -> dict[str, date | int]:
    """The parameters of the queries about first calls."""
    from_on = today - timedelta(days=policy.window_days - 1)
    return {"from_on": from_on, "quiet_days": policy.quiet_days, "today": today}


@router.get("/v1/customers/{customer_key}/trust")
async def trust(customer_key: UUID, work: Reading) -> TrustOut:
    """信任度 / does the customer's first call go to the company or to a person (R-54)."""
    await _known(work, customer_key)
    policy = await in_force(work, CustomerTrust, work.today)
    window = trust_window(policy.body, work.today)
    root = (await identities.roots(work, [customer_key]))[customer_key]
    calls = await work.rows(
        f"SELECT * FROM ({reports.FIRST_CALLS}) calls WHERE customer_key = :root"
        " ORDER BY occurred_at DESC, contact_id",
        root=root,
        **window,
    )
    to_company = sum(call["company_channel"] for call in calls)
    to_person = len(calls) - to_company
    return TrustOut(
        customer_key=customer_key,
        asset=judge(to_company, to_person, policy.body),
        index=_shown(index(to_company, to_person)),
        to_company=to_company,
        to_person=to_person,
        from_on=work.today - timedelta(days=policy.body.window_days - 1),
        until_on=work.today,
        first_calls=[
            FirstCallOut(**{name: call[name] for name in FirstCallOut.model_fields})
            for call in calls[:100]
        ],
        policy_version=policy.version,
    )


@router.get("/v1/customers/{customer_key}/in-touch")
async def in_touch(customer_key: UUID, work: Reading) -> TouchOut:
    """谁在联系该客户 / everybody of us who is in touch with the customer (R-80)."""
    await _known(work, customer_key)
    policy = await in_force(work, JointContact, work.today)
    since_on = _since(policy, work.today)
    root = (await identities.roots(work, [customer_key]))[customer_key]
    rows = await work.rows(
        f"{reports.IN_TOUCH} ORDER BY staff_code", key=root, from_on=since_on, today=work.today
    )
    people = [InTouchOut(**row) for row in rows]
    return TouchOut(
        customer_key=customer_key,
        people=people,
        must_inform_each_other=must_inform_each_other(
            [person.staff_code for person in people], policy.body
        ),
        since_on=since_on + timedelta(days=1),
        policy_version=policy.version,
    )


@router.get("/v1/contact-news")
async def news(work: Reading, page: PageQuery, staff_code: Code | None = None) -> Page[NewsOut]:
    """同事联系动态 / new contacts of others with customers that one is in touch with (R-80).

    One's own; those of somebody else are for administrators and directors.
    """
    own = work.person.staff_code
    if staff_code not in (None, own) and ADMINISTERING.isdisjoint(work.person.roles):
        raise Forbidden("只能查看本人的动态", "you may read your own news only")
    policy = await in_force(work, JointContact, work.today)
    return await page.read(
        work,
        reports.NEWS,
        _NEWS,
        _news,
        staff_code=staff_code or own,
        from_on=_since(policy, work.today),
        today=work.today,
        days=policy.body.window_days,
    )


def _since(policy: Versioned[JointContact], today: date) -> date:
    return today - timedelta(days=policy.body.window_days)


def _shown(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.0001"))


def _news(row: RowMapping) -> NewsOut:
    return NewsOut(**row)


async def _known(work: Work, customer_key: UUID) -> None:
    known = await work.value(
        "SELECT 1 FROM customers c WHERE c.customer_key = :key"
        f" AND {visible('base', 'c.customer_key')}",
        key=customer_key,
    )
    if known is None:
        raise unknown(customer_key)
