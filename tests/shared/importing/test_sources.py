"""Files as people have them: every encoding that Excel writes, and workbooks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.importing.encodings import UnknownEncoding, encoding_of
from shared.importing.sources import Source, UnreadableFile, open_source
from tests.shared.importing.workbooks import write_workbook

TEXT = "编号,客户,金额\r\nA1,广州大客户,12.50\r\nA2,深圳,3\r\n"


def rows(source: Source) -> list[tuple[int, list[str]]]:
    return [(line.number, list(line.cells)) for line in source.lines()]


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_that_excel_writes_is_found(tmp_path: Path, codec: str, found: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TEXT.encode(codec))
    source = open_source(file)
    assert source.encoding == found
    assert source.columns == ("编号", "客户", "金额")
    assert rows(source) == [(2, ["A1", "广州大客户", "12.50"]), (3, ["A2", "深圳", "3"])]


def test_rare_characters_of_gb18030_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("客户\n㐂𠮷堂\n".encode("gb18030"))
    assert rows(open_source(file)) == [(2, ["㐂𠮷堂"])]


def test_a_byte_order_mark_outranks_what_the_mapping_says(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TEXT.encode("utf-8-sig"))
    assert encoding_of(file, "gb18030") == "utf-8-sig"
    file.write_bytes("name\nCafé\n".encode("cp1252"))
    assert rows(open_source(file, encoding="cp1252")) == [(2, ["Café"])]


@pytest.mark.parametrize("given", [None, "utf-8", "no-such-codec"])
def test_bytes_that_are_no_text_are_refused_with_the_place(
    tmp_path: Path, given: str | None
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"name\n\xff\xff\x80\x80\n")
    with pytest.raises(UnknownEncoding) as caught:
        open_source(file, encoding=given)
    assert "byte" in caught.value.detail_en
    assert "encoding" in caught.value.detail_zh


def test_a_wrong_byte_far_behind_is_found_before_anything_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"name\n" + b"x\n" * 1_000_000 + b"\xff\xff\n")
    with pytest.raises(UnknownEncoding, match="byte 2000005"):
        open_source(file)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(delimiter.join(['"a, b"', "c", "d", "e"]) + "\n" + delimiter.join("1234"))
    source = open_source(file)
    assert source.columns == ("a, b", "c", "d", "e")
    assert rows(source) == [(2, ["1", "2", "3", "4"])]


def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('\nid,text\n1,"two\nlines"\n\n2,x\n')
    assert rows(open_source(file)) == [(3, ["1", "two\nlines"]), (6, ["2", "x"])]


def test_a_source_can_be_read_twice(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id\n1\n2\n")
    source = open_source(file)
    assert rows(source) == rows(source)


def test_a_workbook_gives_numbers_and_dates_as_text(tmp_path: Path) -> None:
    file = write_workbook(
        tmp_path / "a.xlsx",
        [
            ["编号", "金额", "日期", "客户"],
            ["0123", 0.1 + 0.2, datetime(2024, 1, 31, 9, 30, tzinfo=UTC), "广州"],
            [None, None, None, None],
            [17850, -12.5, datetime(2024, 2, 1, tzinfo=UTC), True],
        ],
    )
    source = open_source(file)
    assert (source.encoding, source.columns) == ("xlsx", ("编号", "金额", "日期", "客户"))
    assert rows(source) == [
        (2, ["0123", "0.3", "2024-01-31 09:30:00", "广州"]),
        (4, ["17850", "-12.5", "2024-02-01 00:00:00", "true"]),
    ]
    assert open_source(file, sheet="数据").columns == source.columns


def test_a_sheet_that_is_not_there_and_a_broken_workbook_are_refused(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", [["a"], ["b"]])
    with pytest.raises(UnreadableFile, match="cannot read sheet 明细"):
        open_source(file, sheet="明细")
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(UnreadableFile, match="cannot read sheet 1"):
        open_source(broken)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b,a\n1,2,3\n", "named twice: a"),
    ],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)
    with pytest.raises(UnreadableFile, match=says):
        open_source(file)


def test_a_quote_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('id,text\n1,ok\n2,"open\n' + "x" * 1_100_000)
    with pytest.raises(UnreadableFile, match="from line 3 on"):
        list(open_source(file).lines())
