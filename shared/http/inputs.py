"""Refused before a route runs: unknown parameters, foreign content types, unstorable text."""

from __future__ import annotations

import json
from collections.abc import Mapping

import orjson
from fastapi import Request

from shared.errors import Invalid, Refusal
from shared.validation import pointer


class UnknownParameter(Refusal):
    """A query parameter that the route does not have: silence would look like a filter."""

    code = "unknown-parameter"
    title_zh = "未知的查询参数"
    title_en = "Unknown query parameter"


class RepeatedParameter(Refusal):
    """A query parameter with one value is given several times: all but one would be lost."""

    code = "repeated-parameter"
    title_zh = "查询参数重复"
    title_en = "Repeated query parameter"


class UnsupportedMediaType(Refusal):
    """The body is not JSON."""

    code = "unsupported-media-type"
    status = 415
    title_zh = "内容类型不支持"
    title_en = "Unsupported media type"


def refuse_strange_parameters(request: Request, known: Mapping[str, bool]) -> None:
    """Raise UnknownParameter or RepeatedParameter for a query that would not be heard in full.

    `known` are the names that the route knows, and whether each takes several values.
    """
    if not request.scope["query_string"]:
        return
    unknown = sorted(set(request.query_params) - known.keys())
    if unknown:
        names = ", ".join(name[:60] for name in unknown)
        raise UnknownParameter(
            f"没有查询参数 {names}",
            f"there is no query parameter {names}",
            unknown=unknown,
            known=sorted(known),
        )
    given = [name for name, _ in request.query_params.multi_items()]
    repeated = sorted({name for name in given if not known[name] and given.count(name) > 1})
    if repeated:
        raise RepeatedParameter(
            f"查询参数 {'、'.join(repeated)} 只能有一个值",
            f"there is one value to each of {', '.join(repeated)}",
            repeated=repeated,
        )
    if any("\x00" in value for value in request.query_params.values()):
        raise _unstorable(None)


def refuse_foreign_body(request: Request, body: bytes) -> None:
    """Raise UnsupportedMediaType unless the body is said to be JSON in UTF-8."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    is_json = kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
    if body and not (is_json and charset in ("", "utf-8")):
        raise UnsupportedMediaType(
            "请求体须为 UTF-8 编码的 application/json",
            "the body has to be application/json in UTF-8",
        )


def refuse_unstorable(body: bytes) -> None:
    """Raise Invalid when a JSON string holds what cannot be stored: NUL, or half a character."""
    if b"\\u" not in body:
        return
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if not _is_json(body):
            return  # said later, with the place
        # What one of the two reads and the other does not is a surrogate without its partner.
        raise Invalid("文字含有半个字符", "a text holds half a character") from error
    place = _nul_in(read, ())
    if place is not None:
        raise _unstorable(pointer(place))


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _nul_in(value: object, place: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    if isinstance(value, str):
        return place if "\x00" in value else None
    parts: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        if any("\x00" in name for name in value):
            return place
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    found = (_nul_in(part, (*place, name)) for name, part in parts)
    return next((inner for inner in found if inner is not None), None)


def _unstorable(place: str | None) -> Invalid:
    return Invalid("文字不能含有 NUL 字符", "text may not hold the character NUL", pointer=place)
