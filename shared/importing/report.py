"""What an import did: counts and sums that can be compared with the sender's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from shared.contracts.envelope import MoneyAmount
from shared.importing.extraction import Entry

_TOP = 10


@dataclass(slots=True)
class Sums:
    """The money of one field: as sent, and before it was rounded where it was calculated."""

    sent: Decimal = Decimal(0)
    exact: Decimal = Decimal(0)

    @property
    def rounding(self) -> Decimal:
        """What rounding added."""
        return self.sent - self.exact


@dataclass(slots=True)
class Report:
    """Filled while the import runs."""

    kind: str
    system: str
    file: str
    encoding: str
    is_dry_run: bool
    lines_read: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    """Events that the file has twice, with the same content."""
    refused_rows: int = 0
    refused_by_column: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    sent_before: int = 0
    """What an earlier run had sent already, or what was found to be there."""
    sums: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    totals: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    error_file: str = ""
    remarks: Counter[str] = field(default_factory=Counter)
    """What people should know of good rows, by kind; each stands in the remarks file."""
    remarks_file: str = ""

    def count(self, entry: Entry, totals_by: str | None) -> None:
        """Add one good event or row."""
        self.good[entry.event] += 1
        for name in _money_fields(type(entry.model)):
            amount: MoneyAmount | None = getattr(entry.model, name)
            if amount is None:
                continue
            sums = self.sums[f"{entry.event}.{name}"]
            sums.sent += amount.amount
            sums.exact += entry.exact.get(name, amount.amount)
            if totals_by is not None:
                self.totals[_at(entry.model, totals_by)] += amount.amount

    def as_json(self) -> Mapping[str, Any]:
        """The report for machines; amounts are strings."""
        return {
            "kind": self.kind,
            "system": self.system,
            "file": self.file,
            "encoding": self.encoding,
            "dry_run": self.is_dry_run,
            "lines_read": self.lines_read,
            "set_aside": dict(self.set_aside),
            "good": dict(self.good),
            "repeated": self.repeated,
            "refused_rows": self.refused_rows,
            "refused_by_column": dict(self.refused_by_column),
            "sent": self.sent,
            "sent_before": self.sent_before,
            "sums": {
                name: {"sent": str(s.sent), "exact": str(s.exact), "rounding": str(s.rounding)}
                for name, s in self.sums.items()
            },
            "totals": {name: str(amount) for name, amount in self.ranked()},
            "error_file": self.error_file,
            "remarks": dict(self.remarks),
            "remarks_file": self.remarks_file,
        }

    def ranked(self) -> list[tuple[str, Decimal]]:
        """The totals, the greatest first."""
        return sorted(self.totals.items(), key=lambda total: (-total[1], total[0]))

    def show(self, console: Console) -> None:
        """Print it as a table, in Chinese and English."""
        title = f"导入 {self.kind} / import of {self.kind}: {self.file} ({self.encoding})"
        table = Table(title=title, show_header=False, title_justify="left")
        for label, value in self._rows():
            table.add_row(label, value)
        console.print(table)

    def _rows(self) -> list[tuple[str, str]]:
        rows = [("读取行数 / lines read", f"{self.lines_read:,}")]
        rows += [
            (f"搁置 / set aside: {why}", f"{number:,}") for why, number in self.set_aside.items()
        ]
        rows += [(f"有效 / good: {name}", f"{number:,}") for name, number in self.good.items()]
        rows.append(("重复 / repeated in the file", f"{self.repeated:,}"))
        rows.append(("拒收行 / rows refused", f"{self.refused_rows:,}"))
        rows += [
            (f"    列 / column {column}", f"{number:,}")
            for column, number in self.refused_by_column.most_common()
        ]
        for name, sums in self.sums.items():
            rows.append((f"合计 / sum of {name}", f"{sums.sent:,}"))
            if sums.rounding:
                rows.append(("    未舍入 / before rounding", f"{sums.exact:,}"))
                rows.append(("    舍入差额 / rounding difference", f"{sums.rounding:,}"))
        rows += [(f"    {name}", f"{amount:,}") for name, amount in self.ranked()[:_TOP]]
        if self.is_dry_run:
            rows.append(("试运行，未发送 / dry run, nothing sent", ""))
        else:
            rows.append(("已发送 / sent now", f"{self.sent:,}"))
            rows.append(("此前已发送 / sent before", f"{self.sent_before:,}"))
        rows += [(f"提示 / remark: {kind}", f"{number:,}") for kind, number in self.remarks.items()]
        if self.remarks_file:
            rows.append(("提示文件 / remarks file", self.remarks_file))
        if self.error_file:
            rows.append(("错误文件 / error file", self.error_file))
        return rows


@cache
def _money_fields(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(
        name
        for name, info in model.model_fields.items()
        if info.annotation in (MoneyAmount, MoneyAmount | None)
    )


def _at(model: BaseModel, dotted: str) -> str:
    here: Any = model
    for part in dotted.split("."):
        here = getattr(here, part)
    return str(here)
