"""The body of a policy: a frozen dataclass of the domain, kept and written as JSON.

Decimals are strings, unknown keys are refused, and nothing is guessed from another type.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, ClassVar, Protocol, TypeVar, cast

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

from shared.errors import Advice, Invalid
from shared.validation import in_words, pointer


class Policy(Protocol):
    """What every policy dataclass says of itself: the name its versions are kept under."""

    policy_name: ClassVar[str]


P = TypeVar("P", bound=Policy)


class InvalidPolicy(Invalid):
    """The body does not have the form of its policy."""

    code = "invalid-policy"
    title_zh = "政策内容无效"
    title_en = "Invalid policy"


def parse(kind: type[P], body: Mapping[str, object]) -> P:
    """The policy that `body` (JSON-like) says; raises InvalidPolicy with a pointer.

    Decimals are written as strings, unknown keys are refused, nothing is guessed from another type.
    """
    try:
        text = orjson.dumps(body)
    except TypeError as error:
        raise InvalidPolicy(
            "内容含有无法保存的数值或文字", "the body holds a number or a text that cannot be kept"
        ) from error
    return stored(kind, text)


def stored(kind: type[P], body: bytes) -> P:
    """The policy that a stored JSON `body` says; raises InvalidPolicy when it no longer fits."""
    return cast(P, _read(kind, body))


def advice_of(policy: Policy) -> list[Advice]:
    """What the policy says of itself that a person should look at; nothing for most."""
    advise = getattr(policy, "advice", None)
    return list(advise()) if callable(advise) else []


def to_json(policy: Policy) -> str:
    """The body as stored: decimals and dates as strings, what was left out filled in."""
    document = _adapter(type(policy)).dump_python((policy,), mode="json")[0]
    return orjson.dumps(document).decode()


@lru_cache(maxsize=1024)
def _read(kind: type[Policy], body: bytes) -> Policy:
    # Cached by the very text, so that what is cached can never be another version's.
    try:
        policy: Policy = _adapter(kind).validate_json(b"[%b]" % body)[0]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _invalid(kind.policy_name, first["loc"][1:], *in_words(first)) from error
    _demand_text_for_decimals(kind.policy_name, json.loads(body), policy, [])
    return policy


@cache
def _adapter(kind: type[Policy]) -> TypeAdapter[Any]:
    # Wrapped in a tuple: pydantic hands a configuration down to plain dataclasses (and those inside
    # them), but does not take one for a dataclass directly.
    form: Any = tuple.__class_getitem__((kind,))
    return TypeAdapter(form, config=ConfigDict(extra="forbid", strict=True))


def _demand_text_for_decimals(
    name: str, given: object, parsed: object, path: list[str | int]
) -> None:
    if isinstance(parsed, Decimal) and not isinstance(given, str):
        raise _invalid(name, path, "小数须写成字符串", "a decimal is written as a string")
    if isinstance(given, dict) and dataclasses.is_dataclass(parsed):
        for key, value in given.items():
            _demand_text_for_decimals(name, value, getattr(parsed, key), [*path, key])
    elif isinstance(given, dict) and isinstance(parsed, Mapping):
        for (key, value), inner in zip(given.items(), parsed.values(), strict=True):
            _demand_text_for_decimals(name, value, inner, [*path, key])
    elif isinstance(given, list) and isinstance(parsed, Sequence):
        for index, (value, inner) in enumerate(zip(given, parsed, strict=True)):
            _demand_text_for_decimals(name, value, inner, [*path, index])


def _invalid(name: str, path: Sequence[str | int], chinese: str, english: str) -> InvalidPolicy:
    where = pointer(path)
    return InvalidPolicy(
        f"政策 {name} 的 {where or '内容'}：{chinese}",
        f"policy {name}, {where or 'body'}: {english}",
        pointer=where,
        policy=name,
    )
