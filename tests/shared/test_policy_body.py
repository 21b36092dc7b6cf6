"""The body of a policy: exact, complete, with nothing guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.policy_body import InvalidPolicy, parse, stored, to_json
from tests.shared.conftest import Band, Interest, interest


def _with(**changes: Any) -> dict[str, Any]:
    return {**interest("1.5"), **changes}


def test_a_body_becomes_the_object_of_the_domain() -> None:
    assert parse(Interest, interest("1.5")) == Interest(3, (Band(Decimal(0), Decimal("1.5")),))


def test_what_is_stored_reads_back_the_same() -> None:
    policy = parse(Interest, interest("1.50"))
    assert stored(Interest, to_json(policy).encode()) == policy
    assert '"per_mille":"1.50"' in to_json(policy)


@pytest.mark.parametrize("number", [0.5, 1])
def test_a_decimal_that_is_not_text_is_refused_even_deep_inside(number: float) -> None:
    body = _with(bands=[{"from_amount": "0", "per_mille": number}])
    with pytest.raises(InvalidPolicy) as caught:
        parse(Interest, body)
    assert caught.value.pointer == "/bands/0/per_mille"
    assert "小数须写成字符串" in caught.value.detail_zh
    assert "written as a string" in caught.value.detail_en


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"grace": 3}, "/grace"),
        ({"bands": [{"from_amount": "0", "per_mille": "1", "to": "2"}]}, "/bands/0/to"),
        ({"grace_days": "3"}, "/grace_days"),
        ({"grace_days": True}, "/grace_days"),
        ({"label": date(2026, 1, 1), "bands": 1}, "/bands"),
        ({"bands": [{"from_amount": "zero", "per_mille": "1"}]}, "/bands/0/from_amount"),
    ],
)
def test_an_unknown_key_or_another_type_is_refused(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidPolicy) as caught:
        parse(Interest, _with(**change))
    assert caught.value.pointer == pointer


def test_a_missing_field_is_named_in_both_languages() -> None:
    with pytest.raises(InvalidPolicy) as caught:
        parse(Interest, {"bands": []})
    assert caught.value.detail_zh == "政策 interest 的 /grace_days：缺少该字段"
    assert caught.value.detail_en.startswith("policy interest, /grace_days: ")


def test_the_rule_of_the_domain_object_is_kept() -> None:
    with pytest.raises(InvalidPolicy) as caught:
        parse(Interest, _with(grace_days=-1))
    assert "宽限天数不可为负" in caught.value.detail_zh
    assert caught.value.detail_en.endswith("grace days are not negative")


@pytest.mark.parametrize("value", [2**64, "\ud800"])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(InvalidPolicy):
        parse(Interest, _with(label=value))
