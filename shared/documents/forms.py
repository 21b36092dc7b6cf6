"""What a form says, whatever it is printed on: fields, tables, notes, signatures, footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

Value = str | int | Decimal | date | None
"""A cell: a text, a count, an amount, a day; None and "" stay empty."""
Cell = tuple[str, str]
"""How a value goes to the press: its kind (text, number, date) and how it is written."""


class FormFormat(StrEnum):
    """What a form can be printed as."""

    PDF = "pdf"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width, in any unit that all columns use."""

    title: str
    share: int = 10
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True)
class Fields:
    """Labels with their values, side by side; `heading` "" for none."""

    heading: str
    pairs: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Table:
    """Rows under columns; the head is repeated on every page."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    when_empty: str = "（无）"


@dataclass(frozen=True)
class Notes:
    """Running text, a paragraph each."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Signatures:
    """Lines on which people sign, with the day."""

    labels: Sequence[str]


Block = Fields | Table | Notes | Signatures


@dataclass(frozen=True)
class Printing:
    """Whose form it is, who had it printed, and when (an instant of the site's time zone)."""

    site: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Form:
    """A form. `code` stands in the header and in the file's name, `subtitle` under the title."""

    code: str
    title: str
    printing: Printing
    blocks: Sequence[Block]
    subtitle: str = ""
    footnotes: Sequence[str] = ()
    is_landscape: bool = False

    @property
    def cells(self) -> int:
        """How many values it prints: what its size is measured by."""
        return sum(_cells(block) for block in self.blocks)

    @property
    def characters(self) -> int:
        """How many characters it prints."""
        return sum(len(text) for text in _texts(self.as_data()))

    def as_data(self) -> dict[str, Any]:
        """The form in lists, dictionaries and texts, as the press takes it."""
        return {
            "code": self.code,
            "title": self.title,
            "subtitle": self.subtitle,
            "site": self.printing.site,
            "by": self.printing.by,
            "at": self.printing.at.replace(microsecond=0).isoformat(),
            "is_landscape": self.is_landscape,
            "blocks": [_block(block) for block in self.blocks],
            "footnotes": list(self.footnotes),
        }


def cell(value: Value) -> Cell:
    """`value` as the press takes it: its kind, and how it is written."""
    if value is None:
        return "text", ""
    if isinstance(value, datetime):
        raise TypeError("write an instant out: a cell holds a day at most")
    if isinstance(value, date):
        return "date", value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return "number", f"{value:f}" if isinstance(value, Decimal) else str(value)
    return "text", str(value)


def _cells(block: Block) -> int:
    if isinstance(block, Table):
        return len(block.rows) * len(block.columns)
    if isinstance(block, Fields):
        return len(block.pairs)
    return len(block.labels if isinstance(block, Signatures) else block.paragraphs)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Fields):
        pairs = [[label, cell(value)] for label, value in block.pairs]
        return {"kind": "fields", "heading": block.heading, "pairs": pairs}
    if isinstance(block, Notes):
        return {"kind": "notes", "heading": block.heading, "paragraphs": list(block.paragraphs)}
    if isinstance(block, Signatures):
        return {"kind": "signatures", "labels": list(block.labels)}
    return {
        "kind": "table",
        "heading": block.heading,
        "columns": [
            {"title": column.title, "share": column.share, "align": column.align}
            for column in block.columns
        ],
        "rows": [[cell(value) for value in row] for row in block.rows],
        "when_empty": block.when_empty,
    }


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
