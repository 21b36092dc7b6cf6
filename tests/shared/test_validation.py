"""What is wrong with an input, in words for a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core.core_schema import ErrorType

from shared.validation import _CHINESE, in_words, pointer


class Form(BaseModel):
    """A form with a field of most kinds."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]+$")] = "ab"
    count: Annotated[int, Field(ge=1, lt=10)] = 1
    amount: Annotated[Decimal, Field(decimal_places=2)] = Decimal(1)
    on: date = date(2026, 1, 1)
    at: AwareDatetime | None = None
    key: UUID | None = None
    colour: Literal["red", "blue"] = "red"
    parts: Annotated[list[int], Field(max_length=2)] = []

    @field_validator("name")
    @classmethod
    def _no_zz(cls, value: str) -> str:
        if value == "zz":
            raise ValueError("不可为 zz / zz will not do")
        return value


@pytest.mark.parametrize(
    ("field", "value", "chinese"),
    [
        ("name", "a", "文字过短，至少 2 个字符"),
        ("name", "abcde", "文字过长，最多 4 个字符"),
        ("name", "A1", "格式不符，应符合 ^[a-z]+$"),
        ("name", 5, "应为文字"),
        ("name", "zz", "不可为 zz"),
        ("count", 0, "应不小于 1"),
        ("count", 10, "应小于 10"),
        ("count", "x", "应为整数"),
        ("amount", "1.005", "小数位过多，最多 2 位"),
        ("on", "1.3.2026", "应为日期，例如 2026-03-01"),
        ("at", "2026-03-01T09:00:00", "时刻须带时区"),
        ("key", "x", "应为 UUID"),
        ("colour", "green", "应为 'red'、'blue' 之一"),
        ("parts", [1, 2, 3], "项数过多，最多 2 项"),
        ("colour_", "red", "没有这个字段"),
    ],
)
def test_an_error_is_said_in_chinese_and_english(field: str, value: object, chinese: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({field: value})
    (error,) = caught.value.errors()
    said, english = in_words(error)
    assert said == chinese
    assert english
    assert pointer(error["loc"]) == f"/{field}"


def test_a_message_of_ours_is_divided_into_its_languages() -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"name": "zz"})
    assert in_words(caught.value.errors()[0]) == ("不可为 zz", "zz will not do")


def test_every_error_that_has_chinese_words_exists() -> None:
    assert set(_CHINESE) <= set(get_args(ErrorType))


def test_a_pointer_escapes_what_would_divide_it() -> None:
    assert pointer(["a/b", 0, "c~d"]) == "/a~1b/0/c~0d"
    assert pointer([]) == ""
