"""R-44, R-45: shares are always exactly the whole, and nothing is lost when they are used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.registry.domain.belonging.splits import (
    NotTheWhole,
    Share,
    Split,
    SplitRule,
    Terms,
    divide,
    everything_to,
    first_split,
    fractions,
)
from shared.errors import Invalid
from shared.money import allocate

MARCH = date(2026, 3, 1)


def shares(**parts: str) -> tuple[Share, ...]:
    return tuple(Share(unit, Decimal(part)) for unit, part in parts.items())


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


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 10**9), min_size=1))
def test_r45_fractions_of_any_weights_are_exactly_the_whole(weights: dict[str, int]) -> None:
    assume(sum(weights.values()) > 0)
    parts = fractions((unit, Decimal(weight)) for unit, weight in weights.items())
    assert divide(parts, (), None).base == parts
    assert {part.unit for part in parts} <= {unit for unit, weight in weights.items() if weight}


def test_r45_a_fraction_without_an_end_goes_by_largest_remainder() -> None:
    thirds = fractions([("C", Decimal(1)), ("A", Decimal(1)), ("B", Decimal(1))])
    assert [(part.unit, str(part.share)) for part in thirds] == [
        ("A", "0.333333333334"),
        ("B", "0.333333333333"),
        ("C", "0.333333333333"),
    ]


def test_r45_weights_of_one_unit_add_up_and_a_zero_gets_nothing() -> None:
    parts = fractions([("A", Decimal(1)), ("B", Decimal(2)), ("A", Decimal(1)), ("C", Decimal(0))])
    assert parts == shares(A="0.5", B="0.5")
    assert fractions([("A", Decimal(7))]) == everything_to("A")


@pytest.mark.parametrize("weights", [[], [("A", "0")], [("A", "2"), ("B", "-1")]])
def test_r45_nothing_is_divided_by_nothing(weights: list[tuple[str, str]]) -> None:
    with pytest.raises(NotTheWhole):
        fractions((unit, Decimal(weight)) for unit, weight in weights)


def test_by_default_the_owner_gets_everything() -> None:
    split = first_split("GZ", MARCH)
    assert (split.base, split.rule, split.version) == (shares(GZ="1"), SplitRule.DEFAULT, 1)
    assert split.supersedes is None


def test_a_split_names_every_unit_with_a_share() -> None:
    split = Split(
        shares(GZ="1"), SplitRule.RULING, MARCH, 1, increment=shares(SZ="1"), base_amount=Decimal(9)
    )
    assert split.units == {"GZ", "SZ"}
    assert Terms(shares(GZ="1")).base_amount is None
