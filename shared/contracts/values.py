"""The values that facts are made of: how each is written on the wire, and what it is here."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer

CENT = Decimal("0.01")
AMOUNT_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$"
NUMBER_PATTERN = r"^-?[0-9]{1,30}(\.[0-9]{1,40})?$"
LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"
"""One line of text: no control characters, which no name or number has."""
_AMOUNT = re.compile(AMOUNT_PATTERN)
_NUMBER = re.compile(NUMBER_PATTERN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]")


def _plain(value: Decimal) -> str:
    text = str(value)  # three times as fast, and the same unless there is an exponent
    return format(value, "f") if "E" in text else text


def _amount(value: object) -> Decimal:
    text = _plain(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError(
            '金额必须是字符串，最多两位小数，例如 "123.45" / '
            'money is a string with at most two decimals, such as "123.45"'
        )
    return Decimal(text).quantize(CENT)


def _number(value: object) -> Decimal:
    text = _plain(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError(
            '精确小数必须是字符串，例如 "0.6" / an exact number is a string, such as "0.6"'
        )
    return Decimal(text)


def _day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("日期须写成 2026-03-01 / a date is written 2026-03-01")


def _instant(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _INSTANT.match(value)):
        return value
    raise ValueError(
        "时刻须带时区，例如 2026-03-01T09:00:00+08:00 / "
        "an instant has an offset, such as 2026-03-01T09:00:00+08:00"
    )


def _without_floats(value: dict[str, object]) -> dict[str, object]:
    pending: list[object] = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, float):
            raise ValueError("小数必须写成字符串 / a number with decimals is written as a string")
        if isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list | tuple):
            pending.extend(part)
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount, json_schema_input_type=str),
    PlainSerializer(_plain, return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": AMOUNT_PATTERN}),
]
"""Money of one currency: a string on the wire, a Decimal with exactly two decimals here."""

Exact = Annotated[
    Decimal,
    BeforeValidator(_number, json_schema_input_type=str),
    PlainSerializer(_plain, return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": NUMBER_PATTERN}),
]
"""A quantity, rate, share or score: a string on the wire, every digit kept."""

Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
"""A calendar day at the site: `2026-03-01`, never a number."""
Instant = Annotated[AwareDatetime, BeforeValidator(_instant, json_schema_input_type=AwareDatetime)]
"""A moment with an offset: `2026-03-01T09:00:00+08:00`, never a number."""
Ref = Annotated[str, Field(min_length=1, max_length=200, pattern=LINE_PATTERN)]
"""A sender's own number of what it reports."""
EntityId = Annotated[str, Field(min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""Which entity of its type: an id of ours, or what names it together."""
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=LINE_PATTERN)]
"""The code of a unit, a member of staff, a system, an object."""
Name = Annotated[str, Field(min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""The name of an organisation, a unit or a thing."""
Label = Annotated[str, Field(min_length=1, max_length=100, pattern=LINE_PATTERN)]
"""An open vocabulary of the site, in any script: business lines, industries, metrics."""
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
"""An open vocabulary of the suite: rules, channels, tiers, roles. Unknown words are no error."""
Note = Annotated[str, Field(max_length=500, pattern=LINE_PATTERN)]
"""A line in the sender's words that we do not interpret: an address, a telephone number."""
Text = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
"""Free text; only in what other systems send, never in a fact of ours."""
CustomerId = Annotated[str, Field(pattern=r"^[0-9]{14}$")]
"""The 14-digit number for people, issued at registration (R-31)."""
DivisionCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
"""An administrative division of GB/T 2260."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A currency of ISO 4217."""
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
"""A year, a quarter or a month: `2026`, `2026-Q1`, `2026-03`."""
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A calendar month: `2026-03`."""
Year = Annotated[int, Field(ge=1900, le=9999)]
Count = Annotated[int, Field(ge=0)]
Version = Annotated[int, Field(ge=1)]
Inputs = Annotated[dict[str, object], AfterValidator(_without_floats)]
"""What a decision saw, by name; numbers with decimals are strings."""
