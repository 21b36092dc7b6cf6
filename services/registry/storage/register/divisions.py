"""The tables of divisions and credit codes that a kept library brings, and a site's corrections."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from services.registry.domain.register.divisions import (
    Correction,
    Division,
    Divisions,
    corrected,
    division_from,
)
from services.registry.storage import tables
from shared.work import Work

_CODE_DIGITS = 6
_NEWEST = """
SELECT DISTINCT ON (code, since) code, nullif(since, 0), until, name, is_retired, successors
FROM division_corrections WHERE code = ANY(%s::text[]) ORDER BY code, since, revision DESC
"""
_REVISIONS = """
SELECT code, since, max(revision) FROM division_corrections WHERE code = ANY(%s::text[])
GROUP BY code, since
"""


async def known_divisions(work: Work, codes: Iterable[str | None]) -> Divisions:
    """Looks up any of `codes` and their successors, as the site corrects the library's table."""
    wanted = {code for code in codes if code}
    corrections = await _corrections(work, wanted)
    successors = {code for each in corrections.values() for one in each for code in one.successors}
    corrections |= await _corrections(work, successors - wanted)

    def look_up(code: str) -> Division | None:
        return corrected(code, _province(code), divisions(code), corrections.get(code, ()))

    return look_up


async def correct(work: Work, corrections: Sequence[Correction]) -> None:
    """Keep what the site knows of codes; the last word on a code and first year holds."""
    rows = await work.bulk(_REVISIONS, sorted({each.code for each in corrections}))
    revisions = {(code, since): revision for code, since, revision in rows}
    added = []
    for each in corrections:
        period = (each.code, each.since or 0)
        revisions[period] = revisions.get(period, 0) + 1
        added.append(
            {
                "code": each.code,
                "since": each.since or 0,
                "revision": revisions[period],
                "name": each.name,
                "until": each.until,
                "is_retired": each.is_retired,
                "successors": list(each.successors),
                "recorded_at": work.now,
            }
        )
    await work.copy(tables.division_corrections, added)


@lru_cache(maxsize=8192)
def divisions(code: str) -> Division | None:
    """The division of a six-digit code as the library's table has it; None when it has none.

    Rules ask `known_divisions`, which knows the site's corrections too.
    """
    if not _is_code(code):
        return None
    parts = numdb.get("cn/loc").info(code)
    names = parts[-1][1].get("county") if len(parts) == 2 else None
    return None if names is None else division_from(code, parts[0][1]["province"], names)


@lru_cache(maxsize=4096)
def credit_code(text: str | None) -> str | None:
    """The unified social credit code in `text`, in its standard form; None when it is none."""
    if text is None:
        return None
    try:
        return str(uscc.validate(unicodedata.normalize("NFKC", text)))
    except ValidationError:
        return None


async def _corrections(work: Work, codes: Iterable[str]) -> dict[str, Sequence[Correction]]:
    found: dict[str, list[Correction]] = {}
    asked = sorted(codes)
    if not asked:
        return {}
    for code, since, until, name, is_retired, successors in await work.bulk(_NEWEST, asked):
        each = Correction(code, name, since, until, is_retired, tuple(successors))
        found.setdefault(code, []).append(each)
    return dict(found)


def _is_code(code: str) -> bool:
    return len(code) == _CODE_DIGITS and code.isascii() and code.isdigit()


@lru_cache(maxsize=8192)
def _province(code: str) -> str:
    if not _is_code(code):
        return ""
    return str(numdb.get("cn/loc").info(code)[0][1].get("province", ""))
