"""Rows as CSV that a spreadsheet opens rightly: in UTF-8 with its mark, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BEGINNING = b"\xef\xbb\xbf"
"""The mark by which Excel knows UTF-8: the first bytes of the file."""
_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """`rows` as lines; a text that a spreadsheet would carry out gets an apostrophe before it."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(text) for text in row] for row in rows)
    return written.getvalue().encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" 　").startswith(_COMMANDS) else text
