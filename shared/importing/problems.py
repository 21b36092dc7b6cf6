"""What is wrong with a row, and the file that takes such rows so that they can be sent again."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from pydantic import ValidationError

from shared.errors import Refusal
from shared.importing.sources import Line
from shared.validation import in_words

ADDED_COLUMNS = ("_line", "_reason_zh", "_reason_en")
"""The columns that an error file adds; an import of it leaves them alone."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong, in both languages, with the column it is about ("" if none)."""

    chinese: str
    english: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.chinese} / {self.english}"


def from_value_error(error: ValueError, column: str, field: str) -> Reason:
    """A reason from a message of ours, "Chinese / English"."""
    chinese, _, english = str(error).partition(" / ")
    return _about(column, field, chinese, english or chinese)


def from_validation(error: ValidationError, columns: dict[str, str]) -> list[Reason]:
    """The reasons that an event's own validation gives; `columns` by field path."""
    reasons = []
    for each in error.errors(include_url=False):
        field = ".".join(str(part) for part in each["loc"])
        chinese, english = in_words(each)
        reasons.append(_about(*_mapped(field, columns), chinese, english))
    return reasons


def from_refusal(refusal: Refusal) -> Reason:
    """The reason for which a handler or a check refuses the row."""
    return Reason(
        f"{refusal.title_zh}：{refusal.detail_zh}", f"{refusal.title_en}: {refusal.detail_en}"
    )


def wrong_width(found: int, expected: int) -> Reason:
    """A line with more or fewer cells than there are columns."""
    return Reason(
        f"该行有 {found} 格，应为 {expected} 格",
        f"the line has {found} cells, there are {expected} columns",
    )


class _Sheet:
    """A CSV file that is made with its first row, in UTF-8 that Excel recognises.

    Entering it takes away what an earlier run wrote, so that no file means nothing to tell.
    """

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        self.path = path
        self._head = head
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        _forget(self.path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, cells: Sequence[object]) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(self._head)
        csv.writer(self._file).writerow(cells)


class ErrorFile(_Sheet):
    """Collects bad rows.

    It has the columns of the source, so that it can be corrected and imported with the same
    mapping, and three more that say where the row stood and why it was refused.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        kept = [(at, name) for at, name in enumerate(columns) if name not in ADDED_COLUMNS]
        super().__init__(path, [*(name for _, name in kept), *ADDED_COLUMNS])
        self.rows = 0
        self.by_reason: Counter[str] = Counter()
        self._kept = [at for at, _ in kept]

    def add(self, line: Line, reasons: Sequence[Reason]) -> None:
        """Write one row with its reasons."""
        cells = [line.cells[at] if at < len(line.cells) else "" for at in self._kept]
        chinese = "；".join(reason.chinese for reason in reasons)
        english = "; ".join(reason.english for reason in reasons)
        self._write([*cells, line.number, chinese, english])
        self.rows += 1
        self.by_reason[reasons[0].column or "-"] += 1


class RemarksFile(_Sheet):
    """Collects what people should know of good rows: duplicates by name, flags, what waits.

    `counts` tells how many of a kind.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, ["line", "ref", "kind", "zh", "en"])
        self.counts: Counter[str] = Counter()

    def add(self, line: int, ref: str, kind: str, chinese: str, english: str) -> None:
        """Write one remark on the row at `line` (0: of several lines)."""
        self._write([line, ref, kind, chinese, english])
        self.counts[kind] += 1


def _forget(path: Path) -> None:
    """Take away what an earlier run wrote; a device (`--errors /dev/null`) is left alone."""
    if path.is_file():
        path.unlink()


def _about(column: str, field: str, chinese: str, english: str) -> Reason:
    if not column:
        return Reason(f"{field}：{chinese}", f"{field}: {english}")
    return Reason(
        f"列 {column}（{field}）：{chinese}", f"column {column} ({field}): {english}", column
    )


def _mapped(field: str, columns: dict[str, str]) -> tuple[str, str]:
    """The column behind a field and the field; for a part of one (an amount's digits) its whole."""
    whole = field
    while whole:
        if whole in columns:
            return columns[whole], whole
        whole = whole.rpartition(".")[0]
    return "", field
