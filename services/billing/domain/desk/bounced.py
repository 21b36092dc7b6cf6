"""Money that a bank took back, such as a bounced cheque, as the desk tells it (B-17, B-34)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.errors import Conflict, Invalid

from ..books.funds import Fund
from ..receivables.payments import too_large


class NotFromABank(Conflict):
    """A discount, a deposit or an opening balance does not bounce."""

    code = "not-from-a-bank"
    rule = "B-34"
    title_zh = "不是银行收款"
    title_en = "Not money from a bank"


class ReturnedTooEarly(Invalid):
    """Nothing goes back before it came."""

    code = "returned-too-early"
    rule = "B-34"
    title_zh = "退回早于收款"
    title_en = "Returned before it was received"


def check_fund(fund: str, ref: str) -> None:
    """Raise NotFromABank unless the payment `ref` is money from a bank."""
    if fund != Fund.BANK:
        raise NotFromABank(
            f"{ref} 的资金来源为 {fund}，不会退票", f"{ref} is of {fund}; that does not bounce"
        )


def bounced(
    ref: str, received_on: date, there_is: Decimal, amount: Decimal | None, on: date
) -> Decimal:
    """How much (yuan) of the payment `ref` goes back on the day `on`; None: all that there is.

    Raises ReturnedTooEarly, ReturnTooLarge, also where nothing is left.
    """
    if on < received_on:
        raise ReturnedTooEarly(
            f"收款 {ref} 于 {received_on} 收到，退回日 {on} 更早",
            f"payment {ref} was received on {received_on}; {on} lies before that",
            pointer="/returned_on",
            limit=received_on,
        )
    goes_back = there_is if amount is None else amount
    if not 0 < goes_back <= there_is:
        raise too_large(ref, goes_back, there_is, "/amount")
    return goes_back
