"""What a payment, and money that goes back, must satisfy."""

from __future__ import annotations

from decimal import Decimal

from shared.errors import Invalid, Refusal


class InvalidPayment(Invalid):
    """A payment contradicts itself."""

    code = "invalid-payment"
    rule = "B-34"
    title_zh = "收款自相矛盾"
    title_en = "The payment contradicts itself"


class ReturnTooLarge(Refusal):
    """More would go back than was received."""

    code = "return-too-large"
    rule = "B-34"
    title_zh = "退回超过原收款"
    title_en = "The return exceeds the payment"


def check_return(ref: str, amount: Decimal, still_there: Decimal) -> Refusal | None:
    """Why `amount` (yuan, negative) cannot go back from payment `ref`, of which some is left."""
    if amount >= 0:
        return InvalidPayment(
            "退回的金额须为负", "what goes back is negative", pointer="/data/amount"
        )
    if -amount > still_there:
        return too_large(ref, -amount, still_there, "/data/amount")
    return None


def too_large(ref: str, amount: Decimal, still_there: Decimal, at: str) -> ReturnTooLarge:
    """The refusal of so many yuan of payment `ref`; `at` is where that stands in the input."""
    return ReturnTooLarge(
        f"收款 {ref} 尚有 {still_there}，退回 {amount}",
        f"payment {ref} has {still_there} left; {amount} would go back",
        pointer=at,
        left=still_there,
    )
