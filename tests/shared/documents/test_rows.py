"""Rows without end, as CSV and as XLSX (X-11)."""

from __future__ import annotations

import csv
import io
import resource
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

import pytest

from shared.documents import NotPrinted, Press
from shared.documents.csv_text import BEGINNING, csv_lines
from shared.documents.forms import Cell, cell
from tests.shared.documents.examples import FORMULAS
from tests.support.printed import cells_of


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "　=1", "＝1+1", "＠A1"]
)
def test_a_text_that_a_spreadsheet_would_carry_out_is_disarmed(text: str) -> None:
    ((written,),) = csv.reader(io.StringIO(csv_lines([[text]]).decode(), newline=""))
    assert written == f"'{text}"


@pytest.mark.parametrize("text", ["", "广州=1", "1+1", "a@b.cn", "C-1", "0755-1", '"=1"', "a,b\nc"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    ((written, _),) = csv.reader(io.StringIO(csv_lines([[text, "x"]]).decode(), newline=""))
    assert written == text


def test_the_file_begins_with_the_mark_by_which_excel_knows_utf8() -> None:
    assert (BEGINNING + csv_lines([["编号"]])).decode("utf-8-sig") == "编号\r\n"


def test_an_amount_stays_a_number_and_a_text_that_looks_like_one_is_disarmed() -> None:
    written = csv_lines([[cell(Decimal("-1030.50")), cell(date(2026, 1, 5)), cell("-1")]])
    assert written.decode() == "-1030.50,2026-01-05,'-1\r\n"


async def rows(*texts: Sequence[str | Cell]) -> AsyncIterator[Sequence[str | Cell]]:
    """`texts`, one by one."""
    for each in texts:
        yield each


async def test_an_amount_is_a_number_of_the_sheet() -> None:
    """X-11: who opens the file adds it up."""
    given: list[str | Cell] = ["R-1", cell(Decimal("-1030.50"))]
    pieces = Press().sheet("收入", "广东", ["编号", "金额"], rows(given))
    xlsx = b"".join([piece async for piece in pieces])
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        assert "<v>-1030.5</v>" in book.read("xl/worksheets/sheet1.xml").decode()


async def test_a_sheet_has_its_rows_and_no_formula() -> None:
    given = [["44010600001000", text] for text in FORMULAS]
    pieces = Press().sheet("大客户", "广东", ["编号", "名称"], rows(*given))
    xlsx = b"".join([piece async for piece in pieces])
    expected = [text for row in (["编号", "名称"], *given) for text in row]
    assert cells_of(xlsx) == expected
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


async def test_a_sheet_of_a_hundred_thousand_rows_is_not_held_in_memory() -> None:
    """X-11: what comes in goes out; this process holds a piece of it at a time."""

    async def many() -> AsyncIterator[Sequence[str]]:
        for number in range(100_000):
            yield [f"{number:014d}", "广州南方机械有限公司", "GZ"]

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = 0
    async for piece in Press().sheet("大客户", "广东", ["编号", "名称", "单位"], many()):
        size += len(piece)
        assert len(piece) <= 64 * 1024
    assert size > 500_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 16 * 1024, f"{grown} kB more"


async def test_trouble_with_the_rows_ends_the_press() -> None:
    async def broken() -> AsyncIterator[Sequence[str]]:
        yield ["1"]
        raise ConnectionError

    with pytest.raises(NotPrinted):
        async for _ in Press().sheet("大客户", "广东", ["编号"], broken()):
            pass
