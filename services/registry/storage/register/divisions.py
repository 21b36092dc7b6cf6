"""The tables of divisions and credit codes that a kept library brings along."""

from __future__ import annotations

from functools import lru_cache

from stdnum import numdb
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from services.registry.domain.register.divisions import Division, division_from


@lru_cache(maxsize=8192)
def divisions(code: str) -> Division | None:
    """The division of a six-digit code with its years; None when no such code was ever given."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    parts = numdb.get("cn/loc").info(code)
    names = parts[-1][1].get("county") if len(parts) == 2 else None
    return None if names is None else division_from(code, parts[0][1]["province"], names)


def credit_code(text: str | None) -> str | None:
    """The unified social credit code in `text`, in capitals; None when it is none."""
    if text is None:
        return None
    try:
        return str(uscc.validate(text))
    except ValidationError:
        return None
