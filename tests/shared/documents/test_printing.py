"""A form as PDF and as XLSX: Chinese that can be read, data that stays data (X-05)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from shared.documents import (
    Column,
    FormFormat,
    FormTooLarge,
    Notes,
    NotPrinted,
    Press,
    Table,
    Value,
)
from shared.documents.press import MAX_CELLS, MAX_CHARACTERS, refuse_too_large
from tests.shared.documents.examples import FORMULAS, MARKUP, form
from tests.support.printed import cells_of, text_of

PDF, XLSX = FormFormat.PDF, FormFormat.XLSX


async def test_a_pdf_holds_chinese_text_in_fonts_of_its_own() -> None:
    pdf = await Press().print(form(), PDF)
    text = text_of(pdf)
    for expected in (
        "大客户分类排序表",
        "广东省邮政局大客户中心",
        "客户名称",
        "2026-01-02",
        "12.50",
    ):
        assert expected in text
    resources = cast(DictionaryObject, PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"])
    fonts = cast(DictionaryObject, resources["/Font"])
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert {name.partition("+")[2].partition("-")[0] for name in names} == {
        *("NotoSansSC", "NotoSerifSC")
    }


async def test_a_pdf_says_who_printed_it_when_and_the_page_of_how_many() -> None:
    rows: list[list[Value]] = [[number, "客户"] for number in range(100)]
    pdf = await Press().print(form(Table("", [Column("序号"), Column("名称")], rows)), PDF)
    pages = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in text
        assert "打印：G001陈志强2026-03-1602:00" in text
        assert "序号" in text, "the head of a table stands on every page"


async def test_markup_in_a_customers_name_prints_as_it_is_written() -> None:
    text = text_of(await Press().print(form(title=MARKUP), PDF))
    assert text.count(MARKUP.replace(" ", "")) == 2
    assert "同意#pagebreak()" in text


async def test_a_word_without_end_stays_within_its_cell_and_is_all_there() -> None:
    word = "A" * 200
    table = Table("", [Column("甲", 1), Column("乙", 9)], [[word, ""]])
    text = text_of(await Press().print(form(table), PDF))
    assert word in text


async def test_a_cell_of_a_spreadsheet_is_never_a_formula_or_a_link() -> None:
    xlsx = await Press().print(form(title="=1+1"), XLSX)
    cells = cells_of(xlsx)
    for text in (*FORMULAS, MARKUP, "=1+1"):
        assert text in cells
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not any("externalLink" in name or "rels/sheet" in name for name in book.namelist())


async def test_a_spreadsheet_has_amounts_as_numbers_and_what_is_too_long_as_text() -> None:
    rows: list[list[Value]] = [["44010600001000", 7, 10**14, 10**15]]
    columns = [Column(title) for title in ("编号", "数", "十五位", "十六位")]
    xlsx = await Press().print(form(Table("", columns, rows)), XLSX)
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>(\d+)</v>", sheet) == ["7", str(10**14)]
    assert {"44010600001000", str(10**15)} <= set(cells_of(xlsx))


@pytest.mark.parametrize("on", FormFormat)
async def test_the_same_form_is_the_same_file(on: FormFormat) -> None:
    press = Press()
    assert await press.print(form(), on) == await press.print(form(), on)


@pytest.mark.parametrize("on", FormFormat)
def test_a_form_may_hold_as_much_as_the_limit_and_nothing_beyond(on: FormFormat) -> None:
    def of(cells: int) -> Table:
        return Table("", [Column("甲")], [["1"]] * cells)

    refuse_too_large(form(of(MAX_CELLS[on])), on)
    with pytest.raises(FormTooLarge) as refused:
        refuse_too_large(form(of(MAX_CELLS[on] + 1)), on)
    assert refused.value.facts == {"cells": MAX_CELLS[on] + 1, "limit": MAX_CELLS[on]}


def test_a_form_may_hold_so_many_characters_and_not_one_more() -> None:
    empty = form(Notes("", [""]))
    rest = MAX_CHARACTERS - empty.characters
    refuse_too_large(form(Notes("", ["字" * rest])), PDF)
    with pytest.raises(FormTooLarge):
        refuse_too_large(form(Notes("", ["字" * (rest + 1)])), PDF)


async def test_a_press_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotPrinted):
        await Press(seconds=0.001).print(form(), PDF)


async def test_the_press_is_told_nothing_of_the_services_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "secret")
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    assert await Press().print(form(), PDF), "a press that inherited this would not even start"
