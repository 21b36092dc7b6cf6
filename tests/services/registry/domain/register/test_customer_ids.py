"""R-31 to R-34: 14 digits in three layers, given out without gaps, never twice, never wrapped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.register.customer_ids import (
    CustomerIdLayout,
    InvalidCustomerId,
    NumbersUsedUp,
    OnlyTheProvinceIssues,
    compose,
    next_branch,
    next_customer,
    parse,
    require_issuer,
)
from services.registry.domain.register.divisions import Division, division_from
from services.registry.domain.register.id_explanation import explain

from ..organisations import GUANGZHOU, PROVINCE

LAYOUT = CustomerIdLayout(6, 5, 3, Decimal("0.9"))
TODAY = date(2026, 3, 1)
TABLE = {
    "440100": division_from("440100", "广东省", "广州市"),
    "440116": division_from("440116", "广东省", "[2005-2014]萝岗区"),
}


def divisions(code: str) -> Division | None:
    return TABLE.get(code)


def test_r31_an_id_has_three_layers() -> None:
    parsed = parse("44010000001001", LAYOUT)
    assert (parsed.division, parsed.customer, parsed.branch) == ("440100", 1, 1)
    assert parsed.head_office_id == "44010000001000"
    assert not parsed.is_head_office


def test_r32_the_branch_layer_000_is_the_head_office() -> None:
    assert parse("44010000001000", LAYOUT).is_head_office


@given(
    division=st.integers(0, 999_999).map(lambda number: f"{number:06d}"),
    customer=st.integers(1, 99_999),
    branch=st.integers(0, 999),
)
def test_r31_what_is_composed_can_be_taken_apart(division: str, customer: int, branch: int) -> None:
    text = compose(division, customer, branch, LAYOUT)
    parsed = parse(text, LAYOUT)
    assert len(text) == 14
    assert (parsed.division, parsed.customer, parsed.branch) == (division, customer, branch)


@given(customer=st.integers(1, 99_999), branch=st.integers(0, 999), extra=st.integers(0, 999))
def test_r33_different_numbers_make_different_ids(customer: int, branch: int, extra: int) -> None:
    one = compose("440100", customer, branch, LAYOUT)
    other = compose("440100", customer % 99_999 + 1, extra, LAYOUT)
    assert one != other


@given(st.integers(0, 99_998))
def test_r33_numbers_follow_each_other_without_a_gap(last: int) -> None:
    assert next_customer(last, LAYOUT, "440100").number == last + 1


def test_r33_the_customer_after_99_999_is_an_error_and_no_wrap() -> None:
    assert next_customer(99_998, LAYOUT, "440100").number == 99_999
    with pytest.raises(NumbersUsedUp) as refusal:
        next_customer(99_999, LAYOUT, "440100")
    assert refusal.value.facts["limit"] == 99_999


def test_r33_the_branch_after_999_is_an_error_and_no_wrap() -> None:
    assert next_branch(998, LAYOUT, "44010000001000").number == 999
    with pytest.raises(NumbersUsedUp):
        next_branch(999, LAYOUT, "44010000001000")


def test_c17_a_warning_comes_from_nine_tenths_on() -> None:
    assert next_customer(89_998, LAYOUT, "440100").warning is None
    assert next_customer(89_999, LAYOUT, "440100").warning is not None
    assert next_branch(898, LAYOUT, "44010000001000").warning is None
    assert next_branch(899, LAYOUT, "44010000001000").warning is not None


def test_r33_only_the_province_gives_out_ids() -> None:
    assert require_issuer(PROVINCE) == PROVINCE
    with pytest.raises(OnlyTheProvinceIssues):
        require_issuer(GUANGZHOU)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4401000000100", "14 digits, this has 13"),
        ("440100000010000", "14 digits, this has 15"),
        ("4401000000100O", "position 14"),
        ("４4010000001000", "position 1"),
        ("44010000000000", "start from 1"),
        ("", "this has 0"),
    ],
)
def test_r34_a_slip_of_form_is_named(text: str, words: str) -> None:
    with pytest.raises(InvalidCustomerId, match=words):
        parse(text, LAYOUT)


@given(st.text(max_size=20))
def test_r34_any_text_is_either_an_id_or_refused(text: str) -> None:
    parsed, findings = explain(text, LAYOUT, divisions, TODAY, {})
    if parsed is None:
        assert findings
        with pytest.raises(InvalidCustomerId):
            parse(text, LAYOUT)
    else:
        assert compose(parsed.division, parsed.customer, parsed.branch, LAYOUT) == text


def test_r34_an_issued_id_is_explained_without_a_fault() -> None:
    highest = {"440100": 7, "44010000003000": 2}
    parsed, findings = explain("44010000003002", LAYOUT, divisions, TODAY, highest)
    assert parsed is not None
    assert findings == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("44990000001000", "unknown-division"),
        ("44010000008000", "never-issued"),
        ("44010000003003", "branch-never-issued"),
    ],
)
def test_r34_what_was_never_given_out_is_found(text: str, code: str) -> None:
    highest = {"440100": 7, "449900": 7, "44010000003000": 2}
    _, findings = explain(text, LAYOUT, divisions, TODAY, highest)
    assert [finding.code for finding in findings] == [code]
    assert all(finding.is_error for finding in findings)


def test_c18_an_id_of_a_retired_division_stays_valid_for_life() -> None:
    parsed, findings = explain("44011600001000", LAYOUT, divisions, TODAY, {"440116": 1})
    assert parsed is not None
    assert [(finding.code, finding.is_error) for finding in findings] == [
        ("retired-division", False)
    ]
    assert "萝岗区" in findings[0].zh
