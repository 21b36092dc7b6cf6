"""Amounts in capitals (大写), as vouchers have them so that nobody adds a stroke."""

from __future__ import annotations

from decimal import Decimal

import cn2an

from shared.money import CENT

_CURRENCIES = {"CNY": "人民币"}


def in_capitals(amount: Decimal, currency: str) -> str:
    """`amount` (at most two decimals, sixteen digits before them) in capitals: 人民币壹元伍角.

    Exact: the digits are written one by one. Below zero it begins with 负. Raises ValueError for
    part of a cent.
    """
    if amount != amount.quantize(CENT):
        raise ValueError(f"{amount} has part of a cent")
    digits = f"{abs(amount):.2f}"
    sign = "负" if amount < 0 else ""
    return f"{_CURRENCIES.get(currency, currency)}{sign}{cn2an.an2cn(digits, 'rmb')}"
