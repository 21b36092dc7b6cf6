"""How single values are read and written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts import values

AMOUNT = TypeAdapter[Decimal](values.Amount)
EXACT = TypeAdapter[Decimal](values.Exact)
DAY = TypeAdapter[date](values.Day)
INSTANT = TypeAdapter[datetime](values.Instant)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", "0.00"),
        ("123.4", "123.40"),
        ("-0.05", "-0.05"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_an_amount_is_read_from_text_with_exactly_two_decimals(written: str, read: str) -> None:
    assert str(AMOUNT.validate_python(written)) == read


@pytest.mark.parametrize(
    "written",
    [
        *(1, 1.5, True, None, Decimal("0.001"), Decimal("Infinity")),
        *("", "1.234", "1e3", "NaN", "Infinity", " 1", "1\n", "１", "+1", "1,000"),
        "1000000000000000",
    ],
)
def test_an_amount_is_never_a_number_nor_loosely_written(written: object) -> None:
    with pytest.raises(ValidationError, match="金额必须是字符串"):
        AMOUNT.validate_python(written)


@pytest.mark.parametrize("amount", [Decimal("1E+2"), Decimal("100"), Decimal("100.00")])
def test_an_amount_is_written_out_in_full(amount: Decimal) -> None:
    assert AMOUNT.dump_json(AMOUNT.validate_python(amount)) == b'"100.00"'


def test_an_exact_number_keeps_every_digit() -> None:
    digits = "43.3333333333333333333333333333"
    assert EXACT.dump_json(EXACT.validate_python(digits)) == f'"{digits}"'.encode()
    assert EXACT.dump_json(Decimal("1E-7")) == b'"0.0000001"'


@pytest.mark.parametrize("written", [0.1, 1, "1e-7", ".5", "1.", "NaN", "1" * 31])
def test_an_exact_number_is_never_a_float_nor_loosely_written(written: object) -> None:
    with pytest.raises(ValidationError, match="精确小数必须是字符串"):
        EXACT.validate_python(written)


def test_a_date_is_read_as_it_is_written() -> None:
    assert DAY.validate_json('"2026-02-28"') == date(2026, 2, 28)
    assert DAY.validate_python(date(2026, 2, 28)) == date(2026, 2, 28)


@pytest.mark.parametrize("written", ["0", '"0"', '"20260228"', '"2026-02-28T00:00:00Z"', "null"])
def test_a_number_or_an_instant_is_no_date(written: str) -> None:
    with pytest.raises(ValidationError, match="日期须写成"):
        DAY.validate_json(written)


def test_a_day_that_no_calendar_has_is_no_date() -> None:
    with pytest.raises(ValidationError):
        DAY.validate_json('"2026-02-29"')


def test_an_instant_has_an_offset() -> None:
    read = INSTANT.validate_json('"2026-03-01T08:00:00+08:00"')
    assert read == datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(ValidationError):
        INSTANT.validate_json('"2026-03-01T08:00:00"')


@pytest.mark.parametrize("written", ["1700000000", '"1700000000"', '"2026-03-01"'])
def test_a_number_or_a_date_is_no_instant(written: str) -> None:
    with pytest.raises(ValidationError, match="时刻须带时区"):
        INSTANT.validate_json(written)


@pytest.mark.parametrize(
    ("kind", "longest"),
    [(values.Ref, 200), (values.Code, 64), (values.Name, 300), (values.Label, 100)],
)
def test_a_line_of_text_has_a_length_and_no_control_characters(kind: Any, longest: int) -> None:
    line = TypeAdapter[str](kind)
    assert line.validate_python("大" * longest)
    for wrong in ("", "大" * (longest + 1), "a\x00b", "a\nb", "a\x7f"):
        with pytest.raises(ValidationError):
            line.validate_python(wrong)


def test_free_text_may_have_lines_but_nothing_that_postgresql_cannot_keep() -> None:
    text = TypeAdapter[str](values.Text)
    assert text.validate_python("第一行\n第二行") == "第一行\n第二行"
    for wrong in ("a\x00", "大" * 20_001):
        with pytest.raises(ValidationError):
            text.validate_python(wrong)


@pytest.mark.parametrize("word", ["gold", "a-1", "written_off", "type.a", "2005", "a" * 64])
def test_a_word_is_lower_case_ascii(word: str) -> None:
    assert TypeAdapter[str](values.Word).validate_python(word) == word


@pytest.mark.parametrize("word", ["", "Gold", "金卡", "-a", "a b", "a" * 65])
def test_anything_else_is_no_word(word: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](values.Word).validate_python(word)


@pytest.mark.parametrize("period", ["2026", "2026-01", "2026-12", "2026-Q1", "2026-Q4"])
def test_a_period_is_a_year_a_quarter_or_a_month(period: str) -> None:
    assert TypeAdapter[str](values.Period).validate_python(period) == period


@pytest.mark.parametrize("period", ["2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-1", "26"])
def test_anything_else_is_no_period(period: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](values.Period).validate_python(period)


@pytest.mark.parametrize("number", ["4401000000100", "440100000010000", "4401000000100x", "٤" * 14])
def test_a_customer_id_has_fourteen_ascii_digits(number: str) -> None:
    assert TypeAdapter[str](values.CustomerId).validate_python("44010000001000")
    with pytest.raises(ValidationError):
        TypeAdapter[str](values.CustomerId).validate_python(number)


@pytest.mark.parametrize("inputs", [{"rate": 0.5}, {"rows": [1, {"rate": 0.5}]}, {"r": (0.5,)}])
def test_inputs_of_a_decision_hold_no_float_however_deep(inputs: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="小数必须写成字符串"):
        TypeAdapter[dict[str, object]](values.Inputs).validate_python(inputs)


def test_inputs_of_a_decision_hold_whole_numbers_words_and_decimals() -> None:
    inputs = TypeAdapter[dict[str, object]](values.Inputs)
    said = inputs.validate_python({"days": 21, "limit": Decimal("0.30"), "rows": [None, True]})
    assert inputs.dump_json(said) == b'{"days":21,"limit":"0.30","rows":[null,true]}'
