"""Reads a file of rows: CSV in any encoding that Excel writes, or XLSX; every cell is text."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import Invalid
from shared.importing.encodings import encoding_of

if TYPE_CHECKING:
    import polars

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1_000_000
_SLICE_ROWS = 5_000
_XLSX_MAGIC = b"PK\x03\x04"


class UnreadableFile(Invalid):
    """The file is not what an import can read."""

    code = "unreadable-file"
    title_zh = "文件无法读取"
    title_en = "Unreadable file"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file. `number` counts lines as an editor shows them, the header is 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was found readable: its columns, and how to read it as often as needed."""

    path: Path
    columns: tuple[str, ...]
    encoding: str
    """How the text is encoded, or "xlsx"."""
    delimiter: str
    sheet: str | None
    sha256: str
    estimated_lines: int

    def lines(self) -> Iterator[Line]:
        """The rows after the header, in order, blank ones left out; a fresh pass at every call."""
        if self.encoding == "xlsx":
            rows = _xlsx_rows(_sheet(self.path, self.sheet))
        else:
            rows = _csv_rows(self.path, self.encoding, self.delimiter)
        header_seen = False
        for number, cells in rows:
            if not any(cells):
                continue
            if not header_seen:
                header_seen = True
                continue
            yield Line(number, cells)


def open_source(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Source:
    """Look at the file and read its header.

    What is not given is found out, always with the same answer for the same bytes; a byte order
    mark outranks a given `encoding`. Raises UnreadableFile.
    """
    digest, estimated_lines, head = _scan(path)
    if head.startswith(_XLSX_MAGIC):
        frame = _sheet(path, sheet)
        estimated_lines, found, divided_by = frame.height, "xlsx", ""
        rows = _xlsx_rows(frame)
    else:
        found = encoding_of(path, encoding)
        divided_by = delimiter or _delimiter_of(path, found)
        rows = _csv_rows(path, found, divided_by)
    with closing(rows):
        header = next((cells for _, cells in rows if any(cells)), None)
    if header is None:
        raise UnreadableFile(f"{path.name} 是空文件", f"{path.name} is empty")
    columns = tuple(_without_trailing_blanks(header))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UnreadableFile(
            f"列名重复：{'、'.join(twice)}", f"columns named twice: {', '.join(twice)}"
        )
    return Source(path, columns, found, divided_by, sheet, digest, estimated_lines)


def _scan(path: Path) -> tuple[str, int, bytes]:
    digest, lines, head = hashlib.sha256(), 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            head = head or block[:8]
            digest.update(block)
            lines += block.count(b"\n")
    return digest.hexdigest(), lines, head


def _delimiter_of(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        first = next((line for line in file if line.strip()), "")
    outside_quotes = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count)


def _csv_rows(
    path: Path, encoding: str, delimiter: str
) -> Generator[tuple[int, list[str]], None, None]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        last = 0
        try:
            for cells in reader:
                yield last + 1, [cell.strip() for cell in cells]
                last = reader.line_num
        except csv.Error as error:
            raise UnreadableFile(
                f"第 {last + 1} 行起无法解析，可能缺少引号",
                f"from line {last + 1} on it cannot be parsed ({error}); a quote may be missing",
                line=last + 1,
            ) from error


def _xlsx_rows(frame: polars.DataFrame) -> Generator[tuple[int, list[str]], None, None]:
    number = 0
    for part in frame.iter_slices(_SLICE_ROWS):
        for row in part.iter_rows():
            number += 1
            yield number, ["" if cell is None else cell.strip() for cell in row]


def _sheet(path: Path, sheet: str | None) -> polars.DataFrame:
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        read = book.load_sheet(sheet or 0, header_row=None, skip_rows=0, dtypes="string")
        return read.to_polars()
    except fastexcel.FastExcelError as error:
        raise UnreadableFile(
            f"无法读取工作簿 {path.name} 的工作表 {sheet or 1}",
            f"cannot read sheet {sheet or 1} of {path.name}: {error}",
        ) from error


def _without_trailing_blanks(cells: Sequence[str]) -> Sequence[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
