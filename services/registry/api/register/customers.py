"""Customers: found, explained, registered, suspended (R-20, R-22, R-31 to R-34)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import RowMapping

from services.registry.api.models import (
    RESPONSIBLE,
    actor,
    itself,
    unknown,
)
from services.registry.api.register.customer_models import (
    Amendment,
    CustomerOut,
    RegisteredCustomer,
    Registration,
    Step,
    Suspension,
    Warning,
)
from services.registry.domain.register.customers import CustomerState
from services.registry.handlers.register import amend_customer, register_customer, suspend_customer
from services.registry.handlers.register.amend_customer import AmendCustomer
from services.registry.handlers.register.register_customer import RegisterCustomer
from services.registry.handlers.register.suspend_customer import SuspendCustomer
from services.registry.storage import reports
from services.registry.storage.identity import search as search_storage
from services.registry.storage.identity.search import Sought
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/customers", tags=["customers"])


_BRANCHES = Keyset("customer_key uuid")


_STEPS = Keyset("version integer")


Text = Annotated[str | None, Query(min_length=1, max_length=100)]


def _customer(row: RowMapping) -> CustomerOut:
    return CustomerOut(**row)


def _sought(
    name: Text = None,
    customer_id: Annotated[str | None, Query(pattern=r"^[0-9]{1,14}$")] = None,
    unified_credit_code: Text = None,
    system: Code | None = None,
    code: Code | None = None,
    state: CustomerState | None = None,
    owner_unit: Code | None = None,
    phone: Annotated[Text, Query(description="电话，任意写法 / as people write it")] = None,
    person: Annotated[Text, Query(description="联系人全名 / a contact's whole name")] = None,
) -> Sought:
    return Sought(
        name=name,
        customer_id=customer_id,
        unified_credit_code=unified_credit_code,
        system=system,
        code=code,
        phone=phone,
        person=person,
        state=state and state.value,
        owner_unit=owner_unit,
    )


SoughtQuery = Annotated[Sought, Depends(_sought)]
"""What the list of customers is asked for, and their export alike."""


@router.get("")
async def search(work: Reading, page: PageQuery, sought: SoughtQuery) -> Page[CustomerOut]:
    """查找客户 / find customers in sight, in the order of their names.

    `name` is part of a name, a short name or a former one, in simplified or traditional
    characters, pinyin initials (gznf), or the beginning of the pinyin (guangzhounan).
    """
    return await search_storage.page(work, page, sought, _customer)


@router.get("/{customer_key}")
async def one(customer_key: UUID, work: Reading) -> CustomerOut:
    """一个客户 / one customer."""
    return _customer(await customer_row(work, customer_key))


@router.get("/{customer_key}/branches")
async def branches(customer_key: UUID, work: Reading, page: PageQuery) -> Page[CustomerOut]:
    """分支机构 / branches of a head office, as far as in sight (R-32)."""
    await customer_row(work, customer_key)
    return await page.read(
        work,
        f"{reports.CUSTOMER} AND c.head_office_key = :key",
        _BRANCHES,
        _customer,
        key=customer_key,
        today=work.today,
    )


@router.get("/{customer_key}/history")
async def history(customer_key: UUID, work: Reading, page: PageQuery) -> Page[Step]:
    """客户历史 / what was done with the customer, step by step; nothing is ever deleted."""
    await customer_row(work, customer_key)
    return await page.read(work, reports.HISTORY, _STEPS, _step, key=customer_key)


@router.patch("/{customer_key}", roles=RESPONSIBLE)
async def amend(
    customer_key: UUID, body: Amendment, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """更新客户 / bring the description of a customer up to date."""
    await itself(work, customer_key)
    changes = body.model_dump(exclude={"codes"})
    codes = tuple((each.system, each.code) for each in body.codes)
    command = AmendCustomer(customer_key, actor(work), expected_version, codes=codes, **changes)
    await amend_customer.handle(work, command)
    return _customer(await customer_row(work, customer_key))


@router.post("/{customer_key}/register", roles={"province_administrator"})
async def register(
    customer_key: UUID, body: Registration, expected_version: IfMatch, work: Commanding
) -> RegisteredCustomer:
    """发放客户ID / issue the 14-digit ID; the province alone does (R-33)."""
    await itself(work, customer_key)
    command = RegisterCustomer(customer_key, actor(work), expected_version, body.on)
    registration = await register_customer.handle(work, command)
    found = registration.warning
    warning = found and Warning(code=found.code, zh=found.zh, en=found.en)
    return RegisteredCustomer(**await customer_row(work, customer_key), warning=warning)


@router.post("/{customer_key}/suspend", roles=RESPONSIBLE | {"finance"})
async def suspend(
    customer_key: UUID, body: Suspension, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """中止调查和洽谈 / a credit problem: nobody develops the customer further (R-22)."""
    await itself(work, customer_key)
    command = SuspendCustomer(customer_key, actor(work), expected_version, body.reason, body.on)
    await suspend_customer.handle(work, command)
    return _customer(await customer_row(work, customer_key))


@router.post("/{customer_key}/resume", roles={"director", "deputy_director"})
async def resume(
    customer_key: UUID, body: Suspension, expected_version: IfMatch, work: Commanding
) -> CustomerOut:
    """恢复 / the problem is solved: back to the stage before (R-22)."""
    await itself(work, customer_key)
    command = SuspendCustomer(customer_key, actor(work), expected_version, body.reason, body.on)
    await suspend_customer.resume(work, command)
    return _customer(await customer_row(work, customer_key))


def _step(row: RowMapping) -> Step:
    return Step(**row)


async def customer_row(work: Work, customer_key: UUID) -> RowMapping:
    """The customer as `CustomerOut` shows it; raises UnknownCustomer when it is out of sight."""
    row = await work.row(
        f"{reports.CUSTOMER} AND c.customer_key = :key", key=customer_key, today=work.today
    )
    if row is None:
        raise unknown(customer_key)
    return row
