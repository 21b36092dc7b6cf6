"""What somebody may say about what a payment pays: pin it, or bar it (B-17, B-19)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from shared.errors import Conflict, Refusal

from ..books.funds import Fund


class AnotherCustomersCharge(Conflict):
    """Nobody pays for somebody else."""

    code = "another-customers-charge"
    rule = "B-17"
    title_zh = "账单属于其他客户"
    title_en = "The charge is another customer's"


class NoSuchInstalment(Refusal):
    """The charge has no instalment of that number."""

    code = "no-such-instalment"
    rule = "B-14"
    title_zh = "账单没有此期"
    title_en = "No such instalment"


class PinTooLarge(Refusal):
    """More would be pinned than the payment holds."""

    code = "pin-too-large"
    rule = "B-17"
    title_zh = "指定金额超过收款"
    title_en = "The pin exceeds the payment"


class ReleasedBefore(Conflict):
    """The pin or bar holds no longer."""

    code = "directive-released"
    rule = "B-17"
    title_zh = "该指定或限制已解除"
    title_en = "Released already"


class DiscountStays(Conflict):
    """A discount takes off the charges that it was approved for; withdraw it to end that."""

    code = "discount-stays"
    rule = "B-27"
    title_zh = "优惠只抵减其获批的账单"
    title_en = "A discount stays with its charges"


@dataclass(frozen=True, slots=True)
class Aim:
    """A charge as far as aiming a payment at it goes; `customer_key` is who owes it today."""

    charge_id: UUID
    customer_key: UUID
    ref: str
    numbers: Collection[int]


def check_directed(fund: str, ref: str) -> None:
    """Raise DiscountStays unless it is for the desk to say what the payment `ref` pays."""
    if fund == Fund.DISCOUNT:
        raise DiscountStays(f"{ref} 是资费优惠", f"{ref} is a discount")


def check_aim(
    payer: UUID, there_is: Decimal, aim: Aim, number: int | None, amount: Decimal | None
) -> None:
    """Raise unless money of `payer` (who it is today), of which `there_is` so much, fits `aim`.

    Raises AnotherCustomersCharge, NoSuchInstalment, PinTooLarge.
    """
    if payer != aim.customer_key:
        raise AnotherCustomersCharge(
            f"账单 {aim.ref} 不是付款客户的",
            f"charge {aim.ref} is not the payer's",
            pointer="/receivable_id",
        )
    if number is not None and number not in aim.numbers:
        raise NoSuchInstalment(
            f"账单 {aim.ref} 没有第 {number} 期",
            f"charge {aim.ref} has no instalment {number}",
            pointer="/instalment",
        )
    if amount is not None and amount > there_is:
        raise PinTooLarge(
            f"收款只有 {there_is} 元，指定 {amount} 元",
            f"the payment holds {there_is}; {amount} would be pinned",
            pointer="/amount",
            limit=there_is,
        )
