"""A form, or rows without end, as XLSX. No cell is ever a formula or a link."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
"""Rows that a sheet can have."""
_EXACT_DIGITS = 15
"""A number with more digits would be rounded by a spreadsheet, so it is written as text."""
_OPTIONS: dict[str, object] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "in_memory": False,
}
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001  # the file format knows no time zone


class Book:
    """A workbook of one sheet that is written from the top down."""

    def __init__(self, path: Path, title: str, author: str, made: datetime) -> None:
        options = {**_OPTIONS, "constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title, "author": author, "created": made})
        self.sheet: Worksheet = self._book.add_worksheet(_sheet_name(title))
        border = {"border": 1, "valign": "vcenter"}
        self.title = self._format(bold=True, font_size=16, align="center")
        self.plain = self._format()
        self.heading = self._format(bold=True, font_size=12)
        self.label = self._format(bold=True, bg_color="#EEEEEE", text_wrap=True, **border)
        self.text = self._format(text_wrap=True, **border)
        self.number = self._format(num_format="General", **border)
        self.amount = self._format(num_format="#,##0.00", **border)
        self.day = self._format(num_format="yyyy-mm-dd", align="left", **border)
        self.row = 0

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def write(self, column: int, cell: Iterable[str]) -> None:
        """One value of a form into `column` of the present row."""
        kind, shown = cell
        if kind == "number" and len(shown.strip("-").replace(".", "")) <= _EXACT_DIGITS:
            form = self.amount if "." in shown else self.number
            self.sheet.write_number(self.row, column, float(Decimal(shown)), form)
        elif kind == "date":
            day = datetime.fromisoformat(shown)
            self.sheet.write_datetime(self.row, column, day, self.day)
        else:
            self.write_text(column, shown, self.text)

    def write_text(self, column: int, text: str, form: Format) -> None:
        """A text, whatever it looks like."""
        self.sheet.write_string(self.row, column, text, form)

    def _format(self, **properties: object) -> Format:
        return self._book.add_format({"font_name": "宋体", "font_size": 10, **properties})


def write_form(path: Path, form: dict[str, Any]) -> None:
    """Write a form in the press's form to `path`; the same form gives the same bytes."""
    tables = [block for block in form["blocks"] if block["kind"] == "table"]
    width = max([4, *(len(table["columns"]) for table in tables)])
    made = datetime.fromisoformat(form["at"]).replace(tzinfo=None)
    with Book(path, form["title"], form["site"], made) as book:
        sheet = book.sheet
        sheet.set_paper(9)
        sheet.set_landscape() if form["is_landscape"] else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        when = form["at"][:16].replace("T", " ")
        sheet.set_header(f"&L{_in_header(form['site'])}&R{_in_header(form['code'])}")
        sheet.set_footer(f"&L打印：{_in_header(form['by'])} {when}&R第 &P 页 共 &N 页")
        sheet.set_column(0, width - 1, 20)
        for line in (form["title"], form["subtitle"]):
            if line:
                sheet.set_row(book.row, 26 if line == form["title"] else 16)
                book.write_text(0, line, book.title if line == form["title"] else book.plain)
                book.row += 1
        for block in form["blocks"]:
            _BLOCKS[block["kind"]](book, block)
            book.row += 1
        for place, note in enumerate(form["footnotes"], 1):
            book.write_text(0, f"注{place}：{note}", book.plain)
            book.row += 1
        book.write_text(0, f"打印：{form['by']} {when}", book.plain)


def write_rows(path: Path, lines: IO[bytes]) -> None:
    """Write a sheet of rows as they come: the first line has title and columns, then rows.

    Every line is JSON; one row is held at a time. A value is a text, or a cell as in a form.
    """
    first = json.loads(lines.readline())
    with Book(path, first["title"], first["site"], _NO_TIME) as book:
        book.sheet.freeze_panes(1, 0)
        book.sheet.set_column(0, len(first["columns"]) - 1, 18)
        for column, title in enumerate(first["columns"]):
            book.write_text(column, title, book.label)
        for line in lines:
            book.row += 1
            for column, value in enumerate(json.loads(line)):
                if isinstance(value, str):
                    book.write_text(column, value, book.plain)
                else:
                    book.write(column, value)


def _fields(book: Book, block: dict[str, Any]) -> None:
    _heading(book, block)
    for first in range(0, len(block["pairs"]), 2):
        for place, (label, value) in enumerate(block["pairs"][first : first + 2]):
            book.write_text(2 * place, label, book.label)
            book.write(2 * place + 1, value)
        book.row += 1


def _table(book: Book, block: dict[str, Any]) -> None:
    _heading(book, block)
    for column, described in enumerate(block["columns"]):
        book.write_text(column, described["title"], book.label)
    book.row += 1
    for row in block["rows"] or [[["text", block["when_empty"]]]]:
        for column, value in enumerate(row):
            book.write(column, value)
        book.row += 1


def _notes(book: Book, block: dict[str, Any]) -> None:
    _heading(book, block)
    for paragraph in block["paragraphs"]:
        book.write_text(0, paragraph, book.plain)
        book.row += 1


def _signatures(book: Book, block: dict[str, Any]) -> None:
    for column, label in enumerate(block["labels"]):
        book.write_text(column, f"{label}：", book.plain)
    book.row += 1


def _heading(book: Book, block: dict[str, Any]) -> None:
    if block["heading"]:
        book.write_text(0, block["heading"], book.heading)
        book.row += 1


_BLOCKS = {"fields": _fields, "table": _table, "notes": _notes, "signatures": _signatures}


def _sheet_name(title: str) -> str:
    """A name that a sheet may have: 31 characters, none of those that separate."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31] or "1"


def _in_header(text: str) -> str:
    """A text that is no code of a header, cut so that the header stays within its 255."""
    return text[:60].replace("&", "&&")
