"""How confidential values look to somebody who may not read them (R-70)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .parts.fields import Secrecy

Plain = str | list[str]
"""A confidential value as it is kept: one text, or several."""

_STARS = "***"
_MOBILE_DIGITS = 11
_LANDLINE_DIGITS = 7


def masked(value: Plain, secrecy: Secrecy) -> Plain | None:
    """`value` so that it is recognised and not read: 138****5678, 王*; None where nothing stays."""
    if secrecy is Secrecy.HIDDEN:
        return None
    if isinstance(value, list):
        return [_MASKS[secrecy](each) for each in value]
    return _MASKS[secrecy](value)


def _person(name: str) -> str:
    return f"{name.strip()[:1]}*"


def _phone(number: str) -> str:
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) >= _MOBILE_DIGITS:
        return f"{digits[-_MOBILE_DIGITS:][:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= _LANDLINE_DIGITS else "****"


def _email(address: str) -> str:
    name, at, domain = address.partition("@")
    return f"{name[:1]}{_STARS}@{domain}" if at and name else _STARS


def _text(_: str) -> str:
    return _STARS


_MASKS: Mapping[Secrecy, Callable[[str], str]] = {
    Secrecy.PERSON: _person,
    Secrecy.PHONE: _phone,
    Secrecy.EMAIL: _email,
    Secrecy.TEXT: _text,
}
