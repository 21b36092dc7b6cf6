"""Good rows go in, bad rows come back with the reason, and sums are exact."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shared.errors import Refusal
from shared.importing.mapping import InvalidMapping
from shared.messaging.acceptance import ForeignCurrency
from tests.shared.importing.conftest import COMPLAINTS, INVOICES, REVENUE, Desk
from tests.shared.importing.workbooks import Cell, write_workbook

HEADER = "编号,客户,金额,日期\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_good_rows_are_counted_and_summed(desk: Desk, encoding: str) -> None:
    text = HEADER + "R1,C1,10.50,2026-03-01\nR2,C2,-0.5,2026-03-02\n"
    report = await desk.run("revenue", desk.write("a.csv", text, encoding), REVENUE)
    assert report.good == {"revenue_recorded": 2}
    assert report.sums["revenue_recorded.amount"].sent == Decimal("10.00")
    assert (report.refused_rows, report.encoding) == (0, encoding)
    assert not desk.errors.exists()


async def test_a_workbook_is_read_like_a_text(desk: Desk) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    rows: list[list[Cell]] = [["编号", "客户", "金额", "日期"], ["R1", "C1", 10.5, day]]
    rows.append(["R2", 88, 1, day])
    report = await desk.run("revenue", write_workbook(desk.folder / "a.xlsx", rows), REVENUE)
    assert report.good == {"revenue_recorded": 2}
    assert report.sums["revenue_recorded.amount"].sent == Decimal("11.50")


async def test_bad_rows_come_back_with_line_and_reason_in_both_languages(desk: Desk) -> None:
    text = (
        "编号,客户,金额,日期,备注\n"
        "R1,C1,10.50,2026-03-01,好\n"
        "R2,C2,1.005,2026-03-01,三位小数\n"
        "R3,C3,1,2026-02-30,\n"
        ",C4,1,2026-03-01,\n"
        "R5,C5,1\n"
    )
    report = await desk.run("revenue", desk.write("a.csv", text, "gb18030"), REVENUE)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 4)
    assert report.refused_by_column == {"金额": 1, "日期": 1, "编号": 1, "-": 1}
    decimals, day, ref, width = desk.bad_rows()
    assert (decimals["编号"], decimals["备注"], decimals["_line"]) == ("R2", "三位小数", "3")
    assert decimals["_reason_zh"].startswith("列 金额（amount）：金额必须是字符串")
    assert "at most two decimals" in decimals["_reason_en"]
    assert "2026-02-30" in day["_reason_zh"]
    assert ref["_reason_zh"] == "列 编号（ref）：缺少该字段"
    assert width["_reason_en"] == "the line has 3 cells, there are 5 columns"


async def test_a_corrected_error_file_can_be_sent_again(desk: Desk) -> None:
    await desk.run("revenue", desk.write("a.csv", HEADER + "R2,C2,x,2026-03-01\n"), REVENUE)
    corrected = desk.errors.read_text(encoding="utf-8-sig").replace(",x,", ",5,")
    again = desk.write("again.csv", corrected, "utf-8-sig")
    report = await desk.run("revenue", again, REVENUE)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 0)


async def test_an_error_file_of_a_second_round_keeps_the_columns_of_the_first(desk: Desk) -> None:
    await desk.run("revenue", desk.write("a.csv", HEADER + "R2,C2,x,2026-03-01\n"), REVENUE)
    again = desk.write("again.csv", desk.errors.read_text(encoding="utf-8-sig"))
    await desk.run("revenue", again, REVENUE)
    (row,) = desk.bad_rows()
    assert list(row) == ["编号", "客户", "金额", "日期", "_line", "_reason_zh", "_reason_en"]


async def test_the_same_row_twice_goes_once_and_a_contradiction_comes_back(desk: Desk) -> None:
    text = HEADER + "R1,C1,1,2026-03-01\nR1,C1,1,2026-03-01\nR1,C1,2,2026-03-01\n"
    report = await desk.run("revenue", desk.write("a.csv", text), REVENUE)
    assert (report.good["revenue_recorded"], report.repeated, report.refused_rows) == (1, 1, 1)
    (row,) = desk.bad_rows()
    assert row["_reason_en"] == "ref R1 stands on line 2 already, with other content"


async def test_what_every_service_would_refuse_is_refused_here(desk: Desk) -> None:
    text = HEADER + "R1,C1,1,2026-03-18\nR2,C1,1,2026-03-17\n"  # today is 2026-03-16
    report = await desk.run("revenue", desk.write("a.csv", text), REVENUE)
    assert report.good["revenue_recorded"] == 1
    (row,) = desk.bad_rows()
    assert row["编号"] == "R1"
    assert "时间在未来" in row["_reason_zh"]


async def test_a_file_in_another_currency_is_refused_at_once(desk: Desk) -> None:
    file = desk.write("a.csv", HEADER)
    with pytest.raises(ForeignCurrency, match="GBP"):
        await desk.run("revenue", file, REVENUE + "currency: GBP\n")


async def test_lines_of_a_group_are_summed_exactly_and_rounded_once(desk: Desk) -> None:
    text = (
        "Invoice,Customer,Quantity,Price,When\n"
        "I1,7.0,1,0.333,2026-03-02 09:01\n"
        "I2,8.0,-2,1.10,2026-03-02 10:00\n"
        "I1,7.0,2,0.336,2026-03-02 09:00\n"
        "I3,,9,9,2026-03-02 10:00\n"
    )
    report = await desk.run("revenue", desk.write("a.csv", text), INVOICES)
    assert report.good == {"revenue_recorded": 2}
    assert report.set_aside == {"没有客户 / no customer": 1}
    sums = report.sums["revenue_recorded.amount"]
    assert (sums.exact, sums.sent, sums.rounding) == (
        Decimal("-1.195"),
        Decimal("-1.19"),
        Decimal("0.005"),
    )
    assert report.ranked() == [("7", Decimal("1.01")), ("8", Decimal("-2.20"))]


async def test_one_bad_line_holds_its_whole_group_back(desk: Desk) -> None:
    text = (
        "Invoice,Customer,Quantity,Price,When\n"
        "I1,7,1,2,2026-03-02 09:01\n"
        "I2,8,1,2,2026-03-02 09:01\n"
        "I1,7,1,two,2026-03-02 09:01\n"
        "I1,,1,1,2026-03-02 09:01\n"
    )
    report = await desk.run("revenue", desk.write("a.csv", text), INVOICES)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 2)
    assert [(row["Invoice"], row["_line"]) for row in desk.bad_rows()] == [("I1", "2"), ("I1", "4")]
    assert all(row["_reason_en"].startswith("line 4: ") for row in desk.bad_rows())


async def test_a_group_whose_lines_contradict_each_other_comes_back(desk: Desk) -> None:
    text = (
        "Invoice,Customer,Quantity,Price,When\n"
        "I1,7,1,2,2026-03-02 09:01\n"
        "I1,8,1,2,2026-03-02 09:01\n"
    )
    report = await desk.run("revenue", desk.write("a.csv", text), INVOICES)
    assert report.refused_rows == 2
    assert "同组各行不一致：7 与 8" in desk.bad_rows()[0]["_reason_zh"]


async def test_a_line_with_a_missing_cell_spoils_its_group(desk: Desk) -> None:
    text = (
        "Invoice,Customer,Quantity,Price,When\n"
        "I1,7,1,2\n"
        "I1,7,1,2,2026-03-02 09:01\n"
        "I2,7,1,2,2026-03-02 09:01\n"
    )
    report = await desk.run("revenue", desk.write("a.csv", text), INVOICES)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 2)


async def test_the_first_of_a_group_can_be_the_earliest_instead_of_the_upper(desk: Desk) -> None:
    mapping = INVOICES.replace("totals_by: customer.code", "totals_by: business_line").replace(
        "business_line: {constant: wholesale}", "business_line: {column: Line, of_group: first}"
    )
    text = (
        "Invoice,Customer,Quantity,Price,When,Line\n"
        "I1,7,1,2,2026-03-02 09:01,late\n"
        "I1,7,1,2,2026-03-01 09:01,early\n"
        "I1,7,1,2,2026-03-03 09:01,later\n"
    )
    file = desk.write("a.csv", text)
    upper = await desk.run("revenue", file, mapping)
    order = 'first_by: {column: When, format: "%Y-%m-%d %H:%M"}\n'
    earliest = await desk.run("revenue", file, mapping + order)
    assert upper.ranked() == [("late", Decimal("6.00"))]
    assert earliest.ranked() == [("early", Decimal("6.00"))]


async def test_a_row_can_become_two_events(desk: Desk) -> None:
    text = (
        "Key,Created,Closed,Type,Place\n"
        "1,3/14/2025 1:20,,Noise,Park\n"
        "2,3/13/2025 23:59,3/14/2025 0:10,Dog,\n"
    )
    report = await desk.run("complaints", desk.write("a.csv", text), COMPLAINTS)
    assert report.good == {"complaint_raised": 2, "complaint_closed": 1}


async def test_a_row_that_is_bad_for_one_of_its_events_sends_neither(desk: Desk) -> None:
    text = "Key,Created,Closed,Type,Place\n2,3/13/2025 23:59,yesterday,Dog,\n"
    report = await desk.run("complaints", desk.write("a.csv", text), COMPLAINTS)
    assert (dict(report.good), report.refused_rows) == ({}, 1)


async def test_a_second_file_translates_what_the_first_one_says(desk: Desk) -> None:
    desk.write("teams.csv", "agent,office\nAnna,East\n")
    mapping = REVENUE.replace(
        "business_line: {constant: 速递}",
        "business_line: {column: 客户, lookup: {file: teams.csv, key: agent, gives: office}}",
    )
    text = HEADER + "R1,Anna,1,2026-03-01\nR2,Bob,1,2026-03-01\n"
    report = await desk.run("revenue", desk.write("a.csv", text), mapping)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 1)
    assert "'Bob' is not in the lookup file" in desk.bad_rows()[0]["_reason_en"]


async def test_what_a_second_file_gives_can_be_translated_too(desk: Desk) -> None:
    desk.write("teams.csv", "agent,office\nAnna,East\n")
    lookup = "{file: teams.csv, key: agent, gives: office, values: {East: 东部}}"
    mapping = REVENUE.replace("ref: 编号", f"ref: {{column: 客户, lookup: {lookup}}}")
    text = HEADER + "R1,Anna,1,2026-03-01\n"
    file = desk.write("a.csv", text)
    report = await desk.run("revenue", file, mapping + "totals_by: ref\n")
    assert report.ranked() == [("东部", Decimal("1.00"))]


async def test_texts_are_translated_and_unknown_ones_refused_on_demand(desk: Desk) -> None:
    mapping = REVENUE.replace(
        "business_line: {constant: 速递}",
        "business_line: {column: 客户, values: {C1: 速递}, only_values: true}",
    )
    text = HEADER + "R1,C1,1,2026-03-01\nR2,C2,1,2026-03-01\n"
    report = await desk.run("revenue", desk.write("a.csv", text), mapping)
    assert (report.good["revenue_recorded"], report.refused_rows) == (1, 1)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (REVENUE.replace("ref: 编号", "ref: 流水号"), "lacks the columns 流水号"),
        (REVENUE.replace("amount: 金额", "total: 金额"), "has no field total"),
        (REVENUE.replace("kind: revenue", "kind: complaints"), "is for complaints"),
        (REVENUE.replace("system: erp", "system: ERP!"), "/system"),
        (REVENUE + "more: 1\n", "/more"),
        (REVENUE + "totals_by: nothing\n", "has no field nothing"),
        (REVENUE + "time_zone: Mars\n", "unknown time zone Mars"),
        (REVENUE.replace("amount: 金额", "amount: {calculate: 金额 / 2}"), "columns, numbers"),
        (REVENUE.replace("amount: 金额", "amount: {column: 金额, constant: 1}"), "one of column"),
        ("kind: revenue\nsystem: erp\n", "either fields or events"),
        ("kind: {", "no YAML"),
    ],
)
async def test_a_mapping_that_does_not_fit_is_refused_before_any_row(
    desk: Desk, mapping: str, says: str
) -> None:
    file = desk.write("a.csv", HEADER + "R1,C1,1,2026-03-01\n")
    with pytest.raises(InvalidMapping, match=says):
        await desk.run("revenue", file, mapping)


async def test_events_need_a_mapping_that_names_their_system(desk: Desk) -> None:
    with pytest.raises(InvalidMapping, match="needs --mapping"):
        await desk.run("revenue", desk.write("a.csv", HEADER))


async def test_the_error_file_may_not_be_the_file_itself(desk: Desk) -> None:
    file = desk.write("errors.csv", HEADER)
    with pytest.raises(Refusal, match="cannot be the file"):
        await desk.run("revenue", file, REVENUE)
    assert file.exists()
