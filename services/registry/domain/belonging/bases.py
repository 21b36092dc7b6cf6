"""Keep the base, grow the increment: who shares what beyond a year's base (R-44)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Organisation
from .jurisdiction import JurisdictionRules, require_authority
from .precedence import Claim
from .splits import Shares, SplitRule, Terms, divide
from .timelines import spans

NOTHING = Decimal(0)


class Basis(StrEnum):
    """How the base of a calendar year is set; `none` ends an agreement."""

    FIXED = "fixed"
    PREVIOUS_YEAR = "previous-year"
    NONE = "none"


class BaseOutOfReach(Forbidden):
    """Base and increment are set by a centre that covers everybody who shares them."""

    code = "base-out-of-reach"
    rule = "R-44"
    title_zh = "无权设定存量与增量"
    title_en = "Base out of reach"


class NoAgreementToEnd(Conflict):
    """There is no agreement that could be ended."""

    code = "no-base-agreement"
    rule = "R-44"
    title_zh = "没有可终止的存量约定"
    title_en = "No agreement to end"


@dataclass(frozen=True, slots=True)
class BaseAgreement:
    """Who keeps the base and who gets the increment, from a day on; the newest that has begun.

    `base_amount` is in yuan a calendar year, net of VAT, for `fixed` only. For `previous-year` it
    is what the customer brought in the year before.
    """

    basis: Basis
    effective_on: date
    version: int
    base: Shares = ()
    increment: Shares = ()
    base_amount: Decimal | None = None

    @property
    def units(self) -> frozenset[str]:
        """Every unit with a share."""
        return frozenset(part.unit for part in (*self.base, *self.increment))


def agree(
    agreement: BaseAgreement,
    known: Sequence[BaseAgreement],
    actor: Actor,
    organisation: Organisation,
    rules: JurisdictionRules,
    owner_unit: str,
) -> BaseAgreement:
    """The agreement, if `actor` may set it (R-44); raises NotADecider, BaseOutOfReach, NotTheWhole.

    Base and increment are each the whole; the deciding centre covers the owner and all who share.
    """
    require_authority(actor, rules)
    for unit in sorted({owner_unit, *agreement.units}):
        if not organisation.is_within(unit, actor.unit):
            raise BaseOutOfReach(
                f"{unit} 不在 {actor.unit} 的辖区内，须由更上一级设定",
                f"{unit} does not lie in the territory of {actor.unit}; a centre above decides",
                unit=unit,
            )
    if agreement.basis is Basis.NONE:
        if not known or known[-1].basis is Basis.NONE:
            raise NoAgreementToEnd("没有存量约定", "there is no agreement on a base")
        return agreement
    if (agreement.base_amount is None) is (agreement.basis is Basis.FIXED):
        raise Invalid(
            "固定基数须给出金额，按上年收入者不得给出",
            "a fixed base needs its amount; one of the previous year must not have any",
            pointer="/base_amount",
        )
    amount = NOTHING if agreement.base_amount is None else agreement.base_amount
    divide(agreement.base, agreement.increment, amount)
    return agreement


def base_claims(
    agreements: Sequence[BaseAgreement],
    revenue_of: Callable[[int], Decimal],
    this_year: int,
) -> list[Claim]:
    """What the agreements say: one claim for each calendar year where the base changes with it.

    `revenue_of` gives the customer's net revenue of a year (yuan). Years after `this_year` have no
    base yet: that of this year goes on until the new year has begun.
    """
    claims: list[Claim] = []
    for span in spans(agreements):
        agreement = span.held
        if agreement.basis is Basis.NONE:
            continue
        if agreement.basis is Basis.FIXED:
            assert agreement.base_amount is not None, "a fixed base has its amount"
            inputs: dict[str, object] = {"basis": agreement.basis.value}
            claims.append(
                _claim(agreement, agreement.base_amount, span.from_on, span.until_on, inputs)
            )
            continue
        for from_on, until_on in _years(span.from_on, span.until_on, this_year):
            before = from_on.year - 1
            amount = max(revenue_of(before), NOTHING)
            inputs = {"basis": agreement.basis.value, "year": before, "revenue": str(amount)}
            claims.append(_claim(agreement, amount, from_on, until_on, inputs))
    return claims


def _claim(
    agreement: BaseAgreement,
    amount: Decimal,
    from_on: date,
    until_on: date | None,
    inputs: dict[str, object],
) -> Claim:
    return Claim(
        SplitRule.BASE_INCREMENT,
        Terms(agreement.base, agreement.increment, amount),
        *(from_on, until_on, agreement.version),
        inputs=inputs,
    )


def _years(
    from_on: date, until_on: date | None, this_year: int
) -> Iterable[tuple[date, date | None]]:
    """The calendar years of a span up to this year; the last of them has no end of its own."""
    begins = from_on
    while True:
        is_over = until_on is not None and until_on.year == begins.year
        if begins.year >= this_year or is_over:
            yield begins, until_on
            return
        new_year = date(begins.year + 1, 1, 1)
        yield begins, new_year - timedelta(days=1)
        begins = new_year
