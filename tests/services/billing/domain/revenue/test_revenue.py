"""Sharing revenue: to the cent, base before increment, never losing or inventing money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.revenue.revenue import (
    Left,
    Original,
    Posting,
    ReversalTooLarge,
    check_reversal,
    share,
    share_in_order,
    steps_behind,
)
from services.billing.domain.revenue.sharing import Share, Sharing, Terms, everything_to

NEW_YEAR = date(2026, 1, 1)
CUSTOMER = UUID(int=1)


def posting(number: int, amount: Decimal, day: int = 0, reverses: Posting | None = None) -> Posting:
    on = NEW_YEAR + timedelta(days=day)
    decided_on = reverses.decided_on if reverses else on
    return Posting(
        *(UUID(int=number), CUSTOMER, "erp", f"R-{number:04d}", "express", amount, on, decided_on),
        reverses=reverses.posting_id if reverses else None,
        original_ref=reverses.ref if reverses else None,
    )


def terms(base_amount: str | None = None, version: int = 1, on: date = NEW_YEAR) -> Terms:
    return Terms(
        "base-increment",
        version,
        on,
        (Share("GZ", Decimal("0.7")), Share("SZ", Decimal("0.3"))),
        (Share("SZ", Decimal(1)),) if base_amount else (),
        Decimal(base_amount) if base_amount else None,
        split_id=UUID(int=5),
    )


amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


@given(amounts, st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_shares_always_sum_to_the_posting_r_45(amount: Decimal, weights: list[int]) -> None:
    whole = sum(weights)
    shares = [Share(f"U{n}", Decimal(weight) / whole) for n, weight in enumerate(weights)]
    decided = share(posting(1, amount), Terms("ruling", 1, NEW_YEAR, tuple(shares)))
    assert sum((part.amount for part in decided.shares), Decimal(0)) == amount


@given(st.lists(st.tuples(st.integers(0, 800), amounts), max_size=12))
def test_base_and_increment_sum_to_the_revenue_r_44(facts: list[tuple[int, Decimal]]) -> None:
    postings = sorted(
        (posting(number, amount, day) for number, (day, amount) in enumerate(facts)),
        key=lambda each: each.order,
    )
    decided = list(share_in_order(postings, Sharing((terms("1000"),)), {}))
    for each in decided:
        assert sum((part.amount for part in each.shares), Decimal(0)) == each.posting.amount
    for year in {each.occurred_on.year for each in postings}:
        of_year = [each for each in decided if each.posting.occurred_on.year == year]
        revenue = sum((each.posting.amount for each in of_year), Decimal(0))
        assert sum((each.base for each in of_year), Decimal(0)) == min(revenue, Decimal(1000))


def test_the_base_of_the_year_is_filled_first_r_44() -> None:
    postings = [posting(1, Decimal(800), 0), posting(2, Decimal(500), 1)]
    first, second = share_in_order(postings, Sharing((terms("1000"),)), {})
    assert [first.base, second.base] == [Decimal(800), Decimal(200)]
    assert [(part.unit, part.amount, part.is_increment) for part in second.shares] == [
        ("GZ", Decimal(140), False),
        ("SZ", Decimal(60), False),
        ("SZ", Decimal(300), True),
    ]


def test_what_lies_in_front_counts_towards_the_base() -> None:
    (only,) = share_in_order(
        [posting(2, Decimal(500), 1)], Sharing((terms("1000"),)), {2026: Decimal(900)}
    )
    assert only.base == 100


def test_the_highest_version_effective_by_then_decides_in_any_order() -> None:
    versions = (
        terms(version=1, on=date(2026, 1, 1)),
        terms(version=2, on=date(2026, 6, 1)),
        terms(version=3, on=date(2026, 3, 1)),
    )
    for order in permutations(versions):
        sharing = Sharing(order, (everything_to("GZ", "default", 9, date(2020, 1, 1)),))
        in_force = [sharing.on(date(2026, month, 1)) for month in (1, 2, 3, 7)]
        assert [each.version for each in in_force if each] == [1, 1, 3, 3]
        before = sharing.on(date(2025, 12, 31))
        assert before is not None and before.split_id is None


def test_nobody_is_known_before_anything_was_told() -> None:
    assert Sharing().on(NEW_YEAR) is None


@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), max_size=6))
def test_reversals_never_take_back_more_than_there_is(whole: int, parts: list[int]) -> None:
    first = posting(1, Decimal(whole))
    original = Original(first, Decimal(whole))
    taken = 0
    for number, part in enumerate(parts, 2):
        refusal = check_reversal(posting(number, Decimal(-part), reverses=first), original)
        assert isinstance(refusal, ReversalTooLarge) == (taken + part > whole)
        if refusal is None:
            taken += part
            original = Original(original.posting, original.still_there - part)
    assert original.still_there == whole - taken


def test_a_whole_reversal_leaves_every_unit_at_zero() -> None:
    original = posting(1, Decimal("100.01"))
    both = [original, posting(2, Decimal("-100.01"), reverses=original)]
    units: dict[str, Decimal] = {}
    for part in (
        part for each in share_in_order(both, Sharing((terms(),)), {}) for part in each.shares
    ):
        units[part.unit] = units.get(part.unit, Decimal(0)) + part.amount
    assert set(units.values()) == {Decimal(0)}


@given(
    st.integers(1, 10**6),
    st.lists(st.integers(1, 100), min_size=1, max_size=5),
    st.lists(st.integers(1, 10**6), max_size=6),
    st.sampled_from((1, -1)),
)
def test_what_is_taken_back_in_parts_leaves_each_unit_its_share_of_the_rest_r_45(
    whole: int, weights: list[int], parts: list[int], sign: int
) -> None:
    """R-45: to the cent, so what is taken back wholly leaves nobody anything."""
    shares = [Share(f"U{n}", Decimal(weight) / sum(weights)) for n, weight in enumerate(weights)]
    by = Terms("ruling", 1, NEW_YEAR, tuple(shares))
    left = Decimal(sign * whole) / 100
    family = [posting(1, left)]
    for number, part in enumerate([*parts, whole], 2):
        taken = min(Decimal(part) / 100, abs(left)) * sign
        if taken:
            left -= taken
            family.append(posting(number, -taken, number, reverses=family[0]))
    assert left == 0
    units: dict[str, Decimal] = {}
    rest = Decimal(0)
    for decided in share_in_order(family, Sharing((by,)), {}):
        rest += decided.posting.amount
        for part_of in decided.shares:
            units[part_of.unit] = units.get(part_of.unit, Decimal(0)) + part_of.amount
        of_rest = {each.unit: each.amount for each in share(posting(99, rest), by).shares}
        assert {unit: amount for unit, amount in units.items() if amount} == of_rest
    assert not any(units.values())


def test_a_reversal_of_increment_and_base_still_sums_to_itself_r_44() -> None:
    """R-44: the increment is taken back first, then the base."""
    original = posting(1, Decimal(1200))
    back = posting(2, Decimal(-700), 40, reverses=original)
    _, decided = share_in_order([original, back], Sharing((terms("1000"),)), {})
    assert decided.base == -500
    assert decided.left == Left(Decimal(500), Decimal(0))
    assert [(part.unit, int(part.amount)) for part in decided.shares] == [
        ("GZ", -350),
        ("SZ", -150),
        ("SZ", -200),
    ]


def test_increment_that_is_taken_back_in_parts_leaves_no_cent_with_anybody_r_44_r_45() -> None:
    thirds = tuple(Share(unit, Decimal(1) / 3) for unit in ("GZ", "SZ", "GZ-TH"))
    by = replace(terms("0"), increment=thirds)
    original = posting(1, Decimal("100.01"))
    parts = ("-33.33", "-33.33", "-33.35")
    backs = [
        posting(number, Decimal(part), number, reverses=original)
        for number, part in enumerate(parts, 2)
    ]
    units: dict[str, Decimal] = {}
    for decided in share_in_order([original, *backs], Sharing((by,)), {}):
        for part in decided.shares:
            assert part.is_increment
            units[part.unit] = units.get(part.unit, Decimal(0)) + part.amount
    assert set(units.values()) == {Decimal(0)}


def test_what_reverses_comes_after_what_it_reverses_b_34() -> None:
    first, second, third, unknown = (UUID(int=number) for number in range(4))
    assert steps_behind({third: second, first: None, second: first}) == {
        first: 0,
        second: 1,
        third: 2,
    }
    assert steps_behind({second: unknown}) == {second: 0}
    assert set(steps_behind({first: second, second: first})) == {first, second}
