"""What is written in capitals is the amount, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents.capitals import in_capitals

_DIGITS = {sign: number for number, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "人民币零元整"),
        ("0.00", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角"),
        ("10.05", "人民币壹拾元零伍分"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("100200300.00", "人民币壹亿零贰拾万零叁佰元整"),
        ("-12.34", "人民币负壹拾贰元叁角肆分"),
        ("-0.00", "人民币零元整"),
        (
            "9999999999999999.99",
            "人民币玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_an_amount_is_written_as_on_a_cheque(amount: str, written: str) -> None:
    assert in_capitals(Decimal(amount), "CNY") == written


def test_another_currency_is_named_by_its_code() -> None:
    assert in_capitals(Decimal(1), "GBP") == "GBP壹元整"


def test_part_of_a_cent_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="part of a cent"):
        in_capitals(Decimal("0.001"), "CNY")


@given(st.decimals(Decimal("-9999999999999999.99"), Decimal("9999999999999999.99"), places=2))
def test_what_is_written_reads_as_the_amount(amount: Decimal) -> None:
    assert _read(in_capitals(amount, "CNY").removeprefix("人民币")) == amount


def _read(text: str) -> Decimal:
    is_negative, text = text.startswith("负"), text.removeprefix("负")
    yuan, _, rest = text.rpartition("元")
    cents, digit = 0, 0
    for sign in rest.removesuffix("整"):
        digit = _DIGITS.get(sign, digit)
        cents += {"角": 10, "分": 1}.get(sign, 0) * digit
    amount = Decimal(_whole(yuan)) + Decimal(cents) / 100
    return -amount if is_negative else amount


def _whole(yuan: str) -> int:
    total = section = digit = 0
    for sign in yuan:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            continue
        if sign in _UNITS:
            section += digit * _UNITS[sign]
        elif sign == "万":
            total, section = total + (section + digit) * 10**4, 0
        else:
            total, section = (total + section + digit) * 10**8, 0
        digit = 0
    return total + section + digit
