"""The file of one key account: opened once, with one custodian (R-60, R-69)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from shared.errors import Conflict

from ..centres.staff import StaffMember, StaffState
from ..register.customers import Customer, NotDeveloped


class NothingToConfirm(Conflict):
    """A part that nobody has written cannot be confirmed, nor a version that is not the newest."""

    code = "nothing-to-confirm"
    rule = "R-69"
    title_zh = "没有可确认的内容"
    title_en = "Nothing to confirm"


class WrongCustodian(Conflict):
    """The custodian is on duty in a unit that may see the archive."""

    code = "wrong-custodian"
    rule = "R-69"
    title_zh = "保管人不符"
    title_en = "Wrong custodian"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file per key account (R-60); `updated_on` is the last update that freshness counts."""

    customer_key: UUID
    opened_on: date
    updated_on: date | None
    custodian: str | None
    version: int


def touched(file: ArchiveFile, on: date) -> ArchiveFile:
    """The file after something was brought up to date on `on`; an earlier day changes no clock."""
    latest = on if file.updated_on is None else max(on, file.updated_on)
    return replace(file, updated_on=latest, version=file.version + 1)


def entrusted(file: ArchiveFile, custodian: str) -> ArchiveFile:
    """The file in the care of another custodian (R-69)."""
    return replace(file, custodian=custodian, version=file.version + 1)


def require_newest(newest: int, confirmed: int) -> int:
    """The version that is confirmed, if it is the newest; raises NothingToConfirm (R-69)."""
    if newest == 0 or confirmed != newest:
        raise NothingToConfirm(
            f"最新版本为 {newest}，不能确认版本 {confirmed}",
            f"the newest version is {newest}; version {confirmed} cannot be confirmed",
            newest=newest,
        )
    return confirmed


def require_key_account(customer: Customer) -> Customer:
    """The customer, if it has been approved at some time; raises NotDeveloped (R-20, R-60).

    A suspended customer keeps its file, and what comes to light is recorded in it.
    """
    if customer.approved_on is None:
        raise NotDeveloped(
            f"客户状态为 {customer.state}，获批准后才建立档案",
            f"the customer is {customer.state}: its archive begins with the approval",
            customer_key=str(customer.customer_key),
            state=customer.state.value,
        )
    return customer


def require_custodian(
    member: StaffMember, units: Collection[str], pointer: str = "/custodian"
) -> StaffMember:
    """The person, if on duty in one of `units`, which see the archive; raises WrongCustodian."""
    if member.state is StaffState.ACTIVE and member.unit in units:
        return member
    raise WrongCustodian(
        f"{member.code} 须在职并属于 {'、'.join(sorted(units)) or '归属单位'}",
        f"{member.code} has to be on duty at {' or '.join(sorted(units)) or 'the owner'}",
        pointer=pointer,
        unit=member.unit,
        state=member.state.value,
    )
