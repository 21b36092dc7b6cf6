"""The data scope of commands: may this caller touch this customer, this unit?"""

from __future__ import annotations

from uuid import UUID

from shared.directory.customers import UnapprovedCustomer
from shared.directory.grants import Aspect
from shared.errors import Forbidden
from shared.work import Work


class OutOfScope(Forbidden):
    """No grant lets the caller's unit, or one below it, see this of the customer."""

    code = "out-of-scope"
    title_zh = "超出数据权限"
    title_en = "Out of scope"


async def require(work: Work, customer_key: UUID, aspect: Aspect) -> None:
    """Refuse unless a grant of today lets the caller see `aspect` of the customer.

    Raises OutOfScope (403), or UnapprovedCustomer (409) when nobody knows the customer.
    """
    row = await work.row(
        "SELECT kit.may_see(:key, :aspect) AS may,"
        " EXISTS (SELECT FROM kit.customers WHERE customer_key = :key) AS known",
        key=customer_key,
        aspect=aspect,
    )
    assert row is not None, "a query without FROM returns one row"
    if row["may"]:
        return
    if not row["known"]:
        raise UnapprovedCustomer(
            f"没有客户 {customer_key}",
            f"there is no customer {customer_key}",
            customer_key=str(customer_key),
        )
    raise OutOfScope(
        f"贵单位无权查看或办理客户 {customer_key} 的此项事务",
        f"your unit has no grant for this aspect of the customer {customer_key}",
        aspect=aspect,
    )


async def require_unit(work: Work, unit: str) -> None:
    """Refuse unless `unit` is the caller's own or below it. Raises OutOfScope (403)."""
    if not await work.value("SELECT kit.unit_in_scope(:unit)", unit=unit):
        raise OutOfScope(
            f"单位 {unit} 不在贵单位及其下属范围内",
            f"the unit {unit} is neither yours nor below it",
            unit=unit,
        )
