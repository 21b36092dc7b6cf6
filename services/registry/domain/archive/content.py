"""Content taken apart into what is open and what is confidential, and put together again (R-74).

Confidential values are named by JSON Pointers such as `/people/0/phone`.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from .masking import Plain, masked
from .parts.fields import Secrecy

Json = dict[str, Any]
Secrets = Mapping[str, Plain]
_NOTHING: tuple[object, ...] = (None, "", ())


@dataclasses.dataclass(frozen=True, slots=True)
class Apart:
    """Content in two halves: what anybody in sight may see, and what is sealed."""

    open: Json
    secrets: dict[str, Plain]


def apart(content: object) -> Apart:
    """Take `content` (a dataclass of a part) apart by what its fields say of themselves."""
    secrets: dict[str, Plain] = {}
    plain = _plain(content, "", secrets)
    return Apart(plain, secrets)


def together(open_half: Json, secrets: Secrets) -> Json:
    """The content as plain data with every value of `secrets` in its place."""
    whole: Json = _copied(open_half)
    for pointer, value in secrets.items():
        *path, name = pointer.split("/")[1:]
        place: Any = whole
        for step in path:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[name] = value
    return whole


def behind_masks(kind: type, secrets: Secrets) -> dict[str, Plain]:
    """`secrets` of content of `kind` as somebody without permission sees them (R-70)."""
    shown = {
        pointer: masked(value, secrecy_at(kind, pointer)) for pointer, value in secrets.items()
    }
    return {pointer: value for pointer, value in shown.items() if value is not None}


def without(secrets: Secrets, pointers: Iterable[str]) -> dict[str, Plain]:
    """`secrets` less those that `pointers` name, or that stand below one of them (R-68)."""
    gone = tuple(pointers)
    return {
        pointer: value
        for pointer, value in secrets.items()
        if not any(pointer == each or pointer.startswith(f"{each}/") for each in gone)
    }


def secrecy_at(kind: type, pointer: str) -> Secrecy:
    """How the confidential value at `pointer` in content of `kind` is masked."""
    return secrecies(kind)[_rule(pointer)]


@cache
def secrecies(kind: type) -> Mapping[str, Secrecy]:
    """Every confidential field of `kind` by its pointer, with `*` for a place in a list."""
    return dict(_secrecies(kind, ""))


@cache
def field_names(kind: type) -> frozenset[str]:
    """Every field of `kind` by its pointer, with `*` for a place in a list."""
    found: set[str] = set()
    for field, inner, is_list in _fields(kind):
        found.add(f"/{field.name}")
        if inner is not None:
            step = f"/{field.name}/*" if is_list else f"/{field.name}"
            found.update(f"{step}{below}" for below in field_names(inner))
    return frozenset(found)


def _secrecies(kind: type, above: str) -> Iterable[tuple[str, Secrecy]]:
    for field, inner, is_list in _fields(kind):
        here = f"{above}/{field.name}"
        if "secrecy" in field.metadata:
            yield here, field.metadata["secrecy"]
        elif inner is not None:
            yield from _secrecies(inner, f"{here}/*" if is_list else here)


def _fields(kind: type) -> Iterable[tuple[dataclasses.Field[Any], type | None, bool]]:
    """The fields of a dataclass; with the dataclass that each holds, and whether in a list."""
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        is_list = get_origin(hint) is tuple
        options = get_args(hint) if is_list or _is_union(hint) else (hint,)
        inner = next((each for each in options if dataclasses.is_dataclass(each)), None)
        yield field, inner if isinstance(inner, type) else None, is_list


def _is_union(hint: object) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _rule(pointer: str) -> str:
    return "/".join("*" if step.isdigit() else step for step in pointer.split("/"))


def _plain(value: Any, pointer: str, secrets: dict[str, Plain]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found: Json = {}
        for field in dataclasses.fields(value):
            inner, here = getattr(value, field.name), f"{pointer}/{field.name}"
            if "secrecy" not in field.metadata:
                found[field.name] = _plain(inner, here, secrets)
            elif inner not in _NOTHING:
                secrets[here] = _plain(inner, here, {})
        return found
    if isinstance(value, tuple):
        return [_plain(each, f"{pointer}/{index}", secrets) for index, each in enumerate(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
