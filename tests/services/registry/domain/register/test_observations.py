"""Observed customers are linked or put before a person, never registered (R-81)."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.registry.domain.register.observations import (
    Linked,
    PossibleDuplicate,
    Unknown,
    name_key,
    recognise,
)

ONE, TWO = UUID(int=1), UUID(int=2)


def test_a_known_code_stays_where_it_is() -> None:
    assert recognise(ONE, [TWO], [TWO]) == Linked(ONE)


def test_the_credit_code_of_one_customer_links() -> None:
    assert recognise(None, [ONE], [TWO]) == Linked(ONE)


def test_an_equal_name_or_a_shared_credit_code_only_makes_candidates() -> None:
    assert recognise(None, [], [TWO]) == PossibleDuplicate((TWO,))
    assert recognise(None, [TWO, ONE], [ONE]) == PossibleDuplicate((ONE, TWO))


def test_a_stranger_stays_unknown() -> None:
    assert recognise(None, [], []) == Unknown()


@pytest.mark.parametrize(
    "spelling", ["南方机械（广州）ＡＢＣ", "南方机械(广州) abc", " 南方机械 (广州)-ABC "]
)
def test_width_case_blanks_and_signs_do_not_make_another_name(spelling: str) -> None:
    assert name_key(spelling) == "南方机械广州abc"
