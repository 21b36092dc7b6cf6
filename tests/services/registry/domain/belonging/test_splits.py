"""R-44, R-45: shares are always exactly the whole, and nothing is lost when they are used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.registry.domain.belonging.splits import (
    NotTheWhole,
    Share,
    Split,
    SplitRule,
    Terms,
    by_ruling,
    default_split,
    divide,
)
from shared.errors import Invalid
from shared.money import allocate

MARCH, JUNE, RULING = date(2026, 3, 1), date(2026, 6, 1), UUID(int=7)


def shares(**parts: str) -> tuple[Share, ...]:
    return tuple(Share(unit, Decimal(part)) for unit, part in parts.items())


HALVES = divide(shares(GZ="0.5", SZ="0.5"), (), None)


@given(
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=9),
    st.decimals("0.01", "9999999.99", places=2),
)
def test_r45_accepted_shares_give_away_every_cent_and_no_more(
    parts: list[int], amount: Decimal
) -> None:
    total = sum(parts)
    cut = [Decimal(part * 1_000_000 // total).scaleb(-6) for part in parts]
    cut[0] += 1 - sum(cut)
    terms = divide(tuple(Share(f"U{i}", part) for i, part in enumerate(cut) if part), (), None)
    assert sum(allocate(amount, [part.share for part in terms.base])) == amount


@given(st.lists(st.decimals("0.0001", "1", places=4), min_size=1, max_size=5))
def test_r45_anything_but_the_whole_is_refused(parts: list[Decimal]) -> None:
    assume(sum(parts) != 1)
    with pytest.raises(NotTheWhole):
        divide(tuple(Share(f"U{i}", part) for i, part in enumerate(parts)), (), None)


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        shares(GZ="0.999999"),
        shares(GZ="1.000001"),
        shares(GZ="1", SZ="0"),
        shares(GZ="1.2", SZ="-0.2"),
        (Share("GZ", Decimal("0.5")), Share("GZ", Decimal("0.5"))),
    ],
)
def test_r45_the_borders_of_the_whole(wrong: tuple[Share, ...]) -> None:
    with pytest.raises(NotTheWhole):
        divide(wrong, (), None)


def test_r44_base_and_increment_are_each_the_whole_and_need_the_amount_of_the_base() -> None:
    base, increment = shares(GZ="1"), shares(GZ="0.4", SZ="0.6")
    assert divide(base, increment, Decimal("100000.00")).increment == increment
    with pytest.raises(NotTheWhole) as refusal:
        divide(base, shares(GZ="0.4"), Decimal("100000.00"))
    assert refusal.value.pointer == "/increment"
    for given_increment, amount in ((increment, None), ((), Decimal(1)), (increment, Decimal(-1))):
        with pytest.raises(Invalid):
            divide(base, given_increment, amount)


def test_by_default_the_owner_gets_everything() -> None:
    split = default_split([], "GZ", MARCH, MARCH)
    assert split is not None
    assert (split.base, split.rule, split.version) == (
        shares(GZ="1"),
        SplitRule.DEFAULT,
        1,
    )
    assert split.supersedes is None


def test_the_default_says_nothing_new_while_the_owner_stays() -> None:
    first = default_split([], "GZ", MARCH, MARCH)
    assert first is not None
    assert default_split([first], "GZ", JUNE, JUNE) is None
    second = default_split([first], "SZ", JUNE, JUNE)
    assert second is not None
    assert (second.version, second.supersedes) == (2, None)


def test_c16_a_ruling_outweighs_the_default() -> None:
    ruled = by_ruling([], HALVES, RULING, MARCH, JUNE)
    assert default_split([ruled], "SZ", JUNE, JUNE) is None


def test_r37_a_ruling_with_an_earlier_effect_restates_what_held_then() -> None:
    first = default_split([], "GZ", MARCH, MARCH)
    assert first is not None
    back = by_ruling([first], HALVES, RULING, date(2026, 4, 1), JUNE)
    assert (back.version, back.supersedes) == (2, 1)
    ahead = by_ruling([first], HALVES, RULING, JUNE, JUNE)
    assert ahead.supersedes is None
    before_all = by_ruling([first], HALVES, RULING, date(2026, 1, 1), JUNE)
    assert before_all.supersedes == 1


def test_a_split_names_every_unit_with_a_share() -> None:
    split = Split(
        shares(GZ="1"), SplitRule.RULING, MARCH, 1, increment=shares(SZ="1"), base_amount=Decimal(9)
    )
    assert split.units == {"GZ", "SZ"}
    assert Terms(shares(GZ="1")).base_amount is None
