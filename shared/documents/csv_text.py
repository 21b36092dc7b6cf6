"""Rows as CSV that a spreadsheet opens rightly: in UTF-8 with its mark, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from shared.documents.forms import Cell

BEGINNING = b"\xef\xbb\xbf"
"""The mark by which Excel knows UTF-8: the first bytes of the file."""
_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Sequence[str | Cell]]) -> bytes:
    """`rows` as lines; a text that a spreadsheet would carry out gets an apostrophe before it.

    A cell of a number or a day is no text: it stands as it is written.
    """
    written = io.StringIO()
    csv.writer(written).writerows([_shown(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _shown(value: str | Cell) -> str:
    kind, shown = ("text", value) if isinstance(value, str) else value
    return _harmless(shown) if kind == "text" else shown


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" 　").startswith(_COMMANDS) else text
