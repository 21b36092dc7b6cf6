"""What a sender says it sent for a day, beside what the books took of it (B-35)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.errors import Invalid

COUNTED = (
    "revenue_recorded",
    "charge_raised",
    "charge_cancelled",
    "payment_received",
    "opening_balance_stated",
)
"""Events with money in them, of which totals can be compared."""


class InvalidControlTotal(Invalid):
    """A control total contradicts itself, or counts what carries no money."""

    code = "invalid-control-total"
    rule = "B-35"
    title_zh = "控制总数自相矛盾"
    title_en = "The control total contradicts itself"


def objection(
    event: str, count: int, amount: Decimal, facts: Sequence[tuple[str, Decimal]]
) -> InvalidControlTotal | None:
    """Why a total of `count` facts over `amount` yuan cannot be kept, or None.

    `facts` are their numbers and amounts, all of them or none.
    """
    if event not in COUNTED:
        names = "、".join(COUNTED)
        return InvalidControlTotal(
            f"{event} 不计总数；可计 {names}",
            f"{event} is not counted; these are: {', '.join(COUNTED)}",
            pointer="/data/event",
        )
    if not facts:
        return None
    refs = {ref for ref, _ in facts}
    if len(refs) != len(facts) or len(facts) != count:
        return InvalidControlTotal(
            f"所列 {len(refs)} 个编号，笔数为 {count}",
            f"{len(refs)} numbers are listed; the count is {count}",
            pointer="/data/count",
        )
    whole = sum((each for _, each in facts), Decimal(0))
    if whole != amount:
        return InvalidControlTotal(
            f"所列金额合计 {whole}，总额为 {amount}",
            f"what is listed sums to {whole}; the amount is {amount}",
            pointer="/data/amount",
        )
    return None
