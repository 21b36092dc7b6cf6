"""One bill over several uses: fixed quantities first, the rest by fixed ratio (B-16, 定量定比).

Each use has a late-fee class and a line of its own, so each becomes a charge of its own, settled
and dunned by itself; together they are the bill, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from shared.errors import Invalid
from shared.money import allocate

from ..receivables.charges import NOTHING, Charge


class InvalidUses(Invalid):
    """The uses do not make up the bill."""

    code = "invalid-uses"
    rule = "B-16"
    title_zh = "用途划分与账单不符"
    title_en = "The uses do not make up the bill"


@dataclass(frozen=True, slots=True)
class Use:
    """A use with either a fixed `amount` (gross yuan) or a `ratio` of what is left."""

    tariff_class: str
    business_line: str | None = None
    amount: Decimal | None = None
    ratio: Decimal | None = None


def divided(charge: Charge, uses: Sequence[Use], id_of: Callable[[str], UUID]) -> list[Charge]:
    """The charges of the uses; without uses the charge alone. Raises InvalidUses.

    The number of each is that of the bill with its place, its id what `id_of` gives it. Instalments
    and tax are divided in proportion, so that those of every charge sum to it.
    """
    if not uses:
        return [charge]
    amounts = _amounts(charge.gross, uses)
    taxes = allocate(charge.tax, amounts)
    refs = [f"{charge.ref}/{place}" for place in range(1, len(uses) + 1)]
    return [
        _part(replace(charge, charge_id=id_of(ref), ref=ref), use, amount, tax)
        for ref, use, amount, tax in zip(refs, uses, amounts, taxes, strict=True)
    ]


def _amounts(gross: Decimal, uses: Sequence[Use]) -> list[Decimal]:
    if any((use.amount is None) == (use.ratio is None) for use in uses):
        raise InvalidUses(
            "每项用途须定量或定比，且只取其一",
            "every use has either an amount or a ratio",
            pointer="/uses",
        )
    fixed = sum((use.amount for use in uses if use.amount is not None), NOTHING)
    weights = [use.ratio or NOTHING for use in uses]
    has_ratio = any(weights)
    rest = gross - fixed
    if rest < 0 or (rest > 0) is not has_ratio:
        raise InvalidUses(
            f"定量合计 {fixed}，账单 {gross}，余额须由定比用途承担",
            f"the fixed amounts come to {fixed} of {gross}; what is left needs uses with a ratio",
            pointer="/uses",
            fixed=fixed,
            gross=gross,
        )
    shares = allocate(rest, weights) if has_ratio else weights
    return [
        share if use.amount is None else use.amount for use, share in zip(uses, shares, strict=True)
    ]


def _part(charge: Charge, use: Use, amount: Decimal, tax: Decimal) -> Charge:
    parts = allocate(amount, [each.amount for each in charge.instalments])
    return replace(
        charge,
        business_line=use.business_line or charge.business_line,
        tariff_class=use.tariff_class,
        gross=amount,
        tax=tax,
        instalments=tuple(
            replace(each, amount=part) for each, part in zip(charge.instalments, parts, strict=True)
        ),
    )
