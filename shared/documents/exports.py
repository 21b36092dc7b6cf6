"""Rows for export: which, in which order, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.documents.forms import Cell
from shared.http.paging import Keyset

PAGE_SIZE = 2000
"""Rows read at once: more are held by nobody."""


class ExportFormat(StrEnum):
    """What rows can be exported as."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Listing:
    """What is exported: `sql` as a list route reads it, cut to pages by `keyset`.

    `make` turns a row into what stands under `columns`, texts or cells (`forms.cell`: an amount is
    then a number of the sheet); it is where the screen masks that the export masks too.
    """

    title: str
    site: str
    columns: Sequence[str]
    sql: str
    keyset: Keyset
    make: Callable[[Mapping[str, Any]], Sequence[str | Cell]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    page_size: int = field(default_factory=lambda: PAGE_SIZE)

    def question(self, start: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The query for the page after the row `start` (empty: the first), with its parameters."""
        sql = self.keyset.statement(self.sql, bool(start))
        return sql, {**self.parameters, **start, "page_limit": self.page_size}

    def after(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Where the page after `row` starts."""
        return {f"page_{place}": row[name] for place, name in enumerate(self.keyset.names)}
