"""The customer ID of the province: 14 digits in three layers (R-31 to R-33).

Division (6) + customer (5, from 00001) + branch (3, from 001; 000 is the head office or a customer
without branches). The ID is for life and never given out twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from shared.errors import Conflict, Forbidden, Invalid

from ..centres.organisation import Level, Unit


@dataclass(frozen=True)
class CustomerIdLayout:
    """How many digits each layer has, and from which share of a layer on we warn (C17)."""

    policy_name: ClassVar[str] = "customer-id-layout"

    division_digits: int
    customer_digits: int
    branch_digits: int
    warning_share: Decimal

    @property
    def length(self) -> int:
        """Digits of a whole ID."""
        return self.division_digits + self.customer_digits + self.branch_digits

    @property
    def last_customer(self) -> int:
        """The highest customer number of a division."""
        return int(10**self.customer_digits) - 1

    @property
    def last_branch(self) -> int:
        """The highest branch number of a head office."""
        return int(10**self.branch_digits) - 1


class InvalidCustomerId(Invalid):
    """The text is not a customer ID."""

    code = "invalid-customer-id"
    rule = "R-34"
    title_zh = "客户ID代码无效"
    title_en = "Invalid customer ID"


class NumbersUsedUp(Conflict):
    """All numbers of a division or of a head office are given out; none is ever reused."""

    code = "customer-numbers-used-up"
    rule = "R-33"
    title_zh = "客户编码已用完"
    title_en = "Customer numbers used up"


class OnlyTheProvinceIssues(Forbidden):
    """IDs are given out by the province alone."""

    code = "only-the-province-issues-ids"
    rule = "R-33"
    title_zh = "客户ID由省局统一编制分配"
    title_en = "Only the province issues IDs"


class HeadOfficeUnregistered(Conflict):
    """A branch gets its number below the ID of its head office."""

    code = "head-office-unregistered"
    rule = "R-32"
    title_zh = "总部尚未登记"
    title_en = "Head office unregistered"


@dataclass(frozen=True, slots=True)
class CustomerId:
    """An ID taken apart."""

    text: str
    division: str
    customer: int
    branch: int
    head_office_id: str

    @property
    def is_head_office(self) -> bool:
        """Whether the branch layer is 000: no branches, or the headquarters of some (R-32)."""
        return self.branch == 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a typed ID, or worth knowing about it."""

    code: str
    zh: str
    en: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Issued:
    """A number given out, with a warning once a layer runs short."""

    number: int
    last: int
    warning: Finding | None


def compose(division: str, customer: int, branch: int, layout: CustomerIdLayout) -> str:
    """The ID of `branch` of `customer` in `division`; both numbers must fit their layer (R-31)."""
    if not (0 < customer <= layout.last_customer and 0 <= branch <= layout.last_branch):
        raise ValueError("a number outside its layer must never get here")
    return f"{division}{customer:0{layout.customer_digits}d}{branch:0{layout.branch_digits}d}"


def parse(text: str, layout: CustomerIdLayout) -> CustomerId:
    """The layers of `text`; raises InvalidCustomerId with the first fault of form (R-34).

    Says nothing about whether the ID was ever issued: see `id_explanation`.
    """
    faults = faults_of_form(text, layout)
    if faults:
        raise InvalidCustomerId(
            faults[0].zh, faults[0].en, pointer="/customer_id", customer_id=text
        )
    return take_apart(text, layout)


def next_customer(last: int, layout: CustomerIdLayout, division: str) -> Issued:
    """The customer number after `last`, the highest given out so far in `division` (R-31, R-33).

    Raises NumbersUsedUp instead of wrapping round or borrowing from a neighbour (C17).
    """
    return _next(last, layout.last_customer, layout, f"行政区划 {division}", f"division {division}")


def next_branch(last: int, layout: CustomerIdLayout, head_office_id: str) -> Issued:
    """The branch number after `last` below `head_office_id` (R-31, R-32); raises NumbersUsedUp."""
    return _next(
        last, layout.last_branch, layout, f"总部 {head_office_id}", f"head office {head_office_id}"
    )


def require_issuer(unit: Unit) -> Unit:
    """`unit`, if it may give out IDs; raises OnlyTheProvinceIssues (R-33)."""
    if unit.level is not Level.PROVINCE:
        raise OnlyTheProvinceIssues(
            f"{unit.code} 不是省局",
            f"{unit.code} is not the province",
            unit=unit.code,
        )
    return unit


def take_apart(text: str, layout: CustomerIdLayout) -> CustomerId:
    """The layers of a text whose form is right (R-31)."""
    branch_at = layout.length - layout.branch_digits
    return CustomerId(
        text=text,
        division=text[: layout.division_digits],
        customer=int(text[layout.division_digits : branch_at]),
        branch=int(text[branch_at:]),
        head_office_id=text[:branch_at] + "0" * layout.branch_digits,
    )


def faults_of_form(text: str, layout: CustomerIdLayout) -> list[Finding]:
    """Every slip that shows in the text alone: signs, length, a customer number of zero (R-34)."""
    faults = [
        Finding(
            "not-a-digit",
            f"第 {place} 位“{sign}”不是数字",
            f"position {place}, “{sign}”, is not a digit",
        )
        for place, sign in enumerate(text, start=1)
        if not ("0" <= sign <= "9")
    ]
    if len(text) != layout.length:
        faults.append(
            Finding(
                "wrong-length",
                f"应为 {layout.length} 位，实为 {len(text)} 位",
                f"an ID has {layout.length} digits, this has {len(text)}",
            )
        )
    if not faults and take_apart(text, layout).customer == 0:
        faults.append(
            Finding("customer-zero", "客户编码从 1 开始", "customer numbers start from 1")
        )
    return faults


def _next(last: int, limit: int, layout: CustomerIdLayout, zh: str, en: str) -> Issued:
    if last >= limit:
        raise NumbersUsedUp(
            f"{zh} 的 {limit} 个编码已全部发放，不重复使用也不借用",
            f"all {limit} numbers of {en} are given out; none is reused or borrowed",
            last=last,
            limit=limit,
        )
    number = last + 1
    if number < limit * layout.warning_share:
        return Issued(number, limit, None)
    warning = Finding(
        "numbers-running-short",
        f"{zh} 的编码已发放 {number}/{limit}",
        f"{en} has given out {number} of {limit} numbers",
        is_error=False,
    )
    return Issued(number, limit, warning)
