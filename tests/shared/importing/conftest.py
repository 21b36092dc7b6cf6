"""A service that imports revenue and complaints as events, and widgets through a handler."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import MetaData

from shared.contracts.enterprise import ComplaintClosed, ComplaintRaised, RevenueRecorded
from shared.contracts.envelope import MoneyAmount
from shared.errors import Conflict, Refusal
from shared.importing import ImportedRow, events, kinds, portions, rows
from shared.importing.command import Import, Request
from shared.importing.report import Report
from shared.importing.settings import ImportSettings
from shared.messaging.consumers import Consumers
from shared.service import Service
from shared.settings import Settings
from shared.work import Work
from tests.support.clocks import SetClock
from tests.support.databases import settings_of

REVENUE = """
kind: revenue
system: erp
fields:
  ref: 编号
  customer.system: {constant: erp}
  customer.code: 客户
  business_line: {constant: 速递}
  occurred_on: 日期
  amount: 金额
"""
INVOICES = """
kind: revenue
system: erp
set_aside:
  - {column: Customer, is: empty, reason: 没有客户 / no customer}
group_by: [Invoice]
fields:
  ref: Invoice
  customer.system: {constant: erp}
  customer.code: {column: Customer, strip_suffix: ".0"}
  business_line: {constant: wholesale}
  occurred_on: {column: When, format: "%Y-%m-%d %H:%M", of_group: min}
  amount: {calculate: Quantity * Price}
totals_by: customer.code
"""
COMPLAINTS = """
kind: complaints
system: callcentre
time_zone: America/New_York
events:
  complaint_raised:
    fields:
      ref: Key
      channel: {constant: phone}
      kind: {constant: complaint}
      text: {template: "{Type}: {Place}"}
      occurred_at: {column: Created, format: "%m/%d/%Y %H:%M"}
  complaint_closed:
    when: [{column: Closed, is: filled}]
    fields:
      ref: Key
      closed_at: {column: Closed, format: "%m/%d/%Y %H:%M"}
      result: {constant: closed}
"""


class UnknownColour(Conflict):
    """No widget has that colour."""

    code = "unknown-colour"
    title_zh = "未知颜色"
    title_en = "Unknown colour"


class WidgetRow(ImportedRow):
    """A row that a handler takes."""

    colour: str
    made_on: date | None = None
    price: MoneyAmount | None = None
    tags: tuple[str, ...] = ()


async def make_widget(work: Work, row: WidgetRow) -> None:
    """Keeps the colour of a widget; black is refused after something was written."""
    await work.run(
        "INSERT INTO observed (code) VALUES (:code) ON CONFLICT DO NOTHING", {"code": row.ref}
    )
    await work.run("INSERT INTO taken (ref) VALUES (:ref)", {"ref": f"{row.ref} {row.colour}"})
    if row.colour == "black":
        raise UnknownColour("黑色不行", "black will not do")


async def make_widgets(work: Work, made: Sequence[WidgetRow]) -> dict[str, Refusal]:
    """As `make_widget`, by the portion: black is refused before, grey after all was written."""
    good = [row for row in made if row.colour != "black"]
    for row in good:
        await work.run(
            "INSERT INTO taken (ref) VALUES (:ref)", {"ref": f"{row.ref} of {len(made)}"}
        )
    if any(row.colour == "grey" for row in good):
        raise UnknownColour("灰色不行", "grey will not do")
    black = UnknownColour("黑色不行", "black will not do")
    return {row.ref: black for row in made if row.colour == "black"}


@pytest.fixture(scope="session")
def service() -> Service:
    """The service whose imports are under test."""
    return Service(
        name="billing",
        package="tests.support.toy",
        settings=Settings,
        metadata=MetaData(),
        consumers=Consumers(),
        imports=kinds(
            events("revenue", RevenueRecorded),
            events("complaints", ComplaintRaised, ComplaintClosed),
            rows("widgets", WidgetRow, make_widget),
            portions("pallets", WidgetRow, make_widgets),
        ),
    )


@dataclass
class Desk:
    """Imports files that a test writes."""

    folder: Path
    service: Service
    clock: SetClock
    settings: Settings
    own: ImportSettings
    errors: Path = field(init=False)

    def __post_init__(self) -> None:
        self.errors = self.folder / "errors.csv"

    def write(self, name: str, content: str, encoding: str = "utf-8") -> Path:
        """A file with `content`."""
        file = self.folder / name
        file.write_bytes(content.encode(encoding))
        return file

    async def run(
        self, kind: str, file: Path, mapping: str | None = None, *, dry_run: bool = True
    ) -> Report:
        """Import `file` with the mapping text."""
        mapping_file = None if mapping is None else self.write("mapping.yaml", mapping)
        request = Request(kind, file, mapping_file, dry_run, self.errors)
        console = Console(stderr=True, quiet=True)
        work = Import(self.service, self.settings, self.own, console, self.clock)
        return await work.run(request)

    def bad_rows(self) -> list[dict[str, str]]:
        """What stands in the error file."""
        if not self.errors.exists():
            return []
        with self.errors.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.DictReader(opened))


@pytest.fixture
def desk(tmp_path: Path, service: Service, clock: SetClock) -> Desk:
    """For dry runs of events: neither a database nor a broker is there."""
    settings = settings_of(service, "postgresql://nobody@127.0.0.1:1/none")
    return Desk(tmp_path, service, clock, settings, ImportSettings({}, tmp_path / "progress"))
