"""Revenue, charges and payments come in from files: summed, waiting, refused, never twice."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime

import pytest

from tests.scenarios.import_mappings import REVENUE
from tests.scenarios.importing_site import FINANCE, OPERATOR, Site
from tests.shared.importing.workbooks import Cell, write_workbook


def open_customers(site: Site, *codes: str) -> None:
    """Bring customers in, as another test shows in detail."""
    lines = "".join(f"{code},客户{code}\n" for code in codes)
    site.write("known.csv", f"客户编号,客户名称\n{lines}")
    done = site.imports("registry", "customers", "known.csv", "--mapping", "customers.yaml")
    assert done.code == 0, done.words
    site.drain("registry", "billing")


def test_a_workbook_is_summed_by_invoice_and_a_second_run_doubles_nothing(site: Site) -> None:
    open_customers(site, "B-1")
    key = site.customer("erp", "B-1")["customer_key"]
    day = datetime(2024, 3, 1, tzinfo=UTC)
    rows: list[list[Cell]] = [
        ["单号", "客户", "日期", "数量", "单价"],
        ["B-R1", "B-1", day, 3, 0.335],
        ["B-R1", "B-1", day, 2, 10],
        ["C-B-R1", "B-1", day, -1, 10],
        ["B-R2", None, day, 1, 99],
    ]
    write_workbook(site.folder / "收入.xlsx", rows)
    typed = ("billing", "revenue", "收入.xlsx", "--mapping", "revenue.yaml")
    rehearsed = site.imports(*typed, "--dry-run")
    assert (rehearsed.code, rehearsed.report["sent"]) == (0, 0)
    assert site.revenue_of(key) == "0.00"

    done = site.imports(*typed)
    assert done.code == 0, done.words
    assert done.report["set_aside"] == {"没有客户 / no customer": 1}
    assert done.report["totals"] == rehearsed.report["totals"] == {"B-1": "11.01"}
    assert done.report["sums"]["revenue_recorded.amount"]["exact"] == "11.005"
    site.drain("billing")
    assert site.revenue_of(key) == "11.01"

    again = site.imports(*typed)
    shutil.rmtree(site.folder / "progress")
    forgetful = site.imports(*typed)
    for second in (again, forgetful):
        assert (second.report["sent"], second.report["sent_before"]) == (0, 2)
    site.drain("billing")
    assert site.revenue_of(key) == "11.01"


def test_bad_rows_come_back_with_the_reason_and_go_in_once_corrected(site: Site) -> None:
    open_customers(site, "D-1")
    head = "账单号,客户,金额,开账日,到期日\n"
    good = "D-1001,D-1,100.00,2024-03-01,2024-03-31\n"
    bad = "D-1002,D-1,一百,2024-03-01,2024-03-31\nD-1003,D-1,5.00,2024-02-30,2024-03-31\n"
    site.write("账单.csv", head + good + bad)
    typed = ("billing", "charges", "账单.csv", "--mapping", "charges.yaml")
    done = site.imports(*typed)
    assert (done.code, done.report["good"], done.report["refused_rows"]) == (
        *(1, {"charge_raised": 1}),
        2,
    )
    with (site.folder / done.report["error_file"]).open(encoding="utf-8-sig") as file:
        refused = list(csv.DictReader(file))
    assert [(row["_line"], row["账单号"]) for row in refused] == [("3", "D-1002"), ("4", "D-1003")]
    assert "金额" in refused[0]["_reason_zh"]
    assert "2024-02-30" in refused[1]["_reason_en"]

    fixed = (site.folder / done.report["error_file"]).read_text(encoding="utf-8-sig")
    fixed = fixed.replace("一百", "200.00").replace("2024-02-30", "2024-02-29")
    site.write("更正.csv", fixed)
    corrected = site.imports("billing", "charges", "更正.csv", "--mapping", "charges.yaml")
    assert (corrected.code, corrected.report["sent"]) == (0, 2)

    site.write(
        "流水.csv",
        "流水号,账户,付款人,金额,日期,账单号\n"
        "D-P1,4400-1001-88,D-1,300.00,2024-03-05,D-1001 D-1002\n",
    )
    paid = site.imports("billing", "payments", "流水.csv", "--mapping", "payments.yaml")
    assert paid.code == 0, paid.words
    site.drain("billing")
    key = site.customer("erp", "D-1")["customer_key"]
    page = site.get(FINANCE, "billing", "/v1/receivables", customer_key=key)
    balances = {row["ref"]: row["balance"] for row in page["items"]}
    assert balances == {"D-1001": "0.00", "D-1002": "0.00", "D-1003": "5.00"}


def test_facts_that_come_before_their_customer_wait_for_it(site: Site) -> None:
    site.write("早.csv", "单号,客户,日期,数量,单价\nE-R1,E-1,2024-05-01,1,8.00\n")
    assert site.imports("billing", "revenue", "早.csv", "--mapping", "revenue.yaml").code == 0
    site.drain("billing")
    assert site.fate("billing", "erp/revenue_recorded/E-R1") == "waiting"
    open_customers(site, "E-1")
    assert site.fate("billing", "erp/revenue_recorded/E-R1") == "accepted"
    assert site.revenue_of(site.customer("erp", "E-1")["customer_key"]) == "8.00"


def test_a_number_that_stands_for_something_else_already_is_refused_by_the_service(
    site: Site,
) -> None:
    open_customers(site, "F-1")
    head = "单号,客户,日期,数量,单价\n"
    site.write("一.csv", f"{head}F-R1,F-1,2024-05-01,1,8.00\n")
    site.write("二.csv", f"{head}F-R1,F-1,2024-05-01,1,9.00\n")
    for file in ("一.csv", "二.csv"):
        assert site.imports("billing", "revenue", file, "--mapping", "revenue.yaml").code == 0
        site.drain("billing")
    assert site.revenue_of(site.customer("erp", "F-1")["customer_key"]) == "8.00"
    letters = site.get(OPERATOR, "billing", "/v1/dead-letters")["items"]
    assert [letter["ref"] for letter in letters] == ["F-R1"]


@pytest.mark.parametrize(
    ("file", "mapping", "reason"),
    [
        ("单号,客户\nG-R1,G-1\n".encode(), REVENUE, "文件缺少列：日期、数量、单价"),
        ("单号,客户,日期,数量,单价\nG,é\n".encode("cp1252", "replace"), REVENUE, "编码"),
        (
            "单号,客户,日期,数量,单价\nG-R1,广州,2024-05-01,1,8.00\n".encode("gb18030"),
            f"{REVENUE}encoding: utf-8\n",
            "byte",
        ),
        (b"", REVENUE, "空"),
        ("单号,客户,日期,数量,单价\n".encode(), f"{REVENUE}currency: EUR\n", "SITE_CURRENCY"),
        ("单号,客户,日期,数量,单价\n".encode(), REVENUE.replace("ref:", "reff:"), "reff"),
    ],
    ids=["columns", "windows-1252", "wrong-name", "empty", "currency", "field"],
)
def test_a_file_that_cannot_be_read_is_left_alone_with_the_reason(
    site: Site, file: bytes, mapping: str, reason: str
) -> None:
    site.write("坏.csv", file)
    site.write("坏.yaml", mapping)
    done = site.imports("billing", "revenue", "坏.csv", "--mapping", "坏.yaml")
    assert done.code == 2, done.words
    assert reason in done.words.replace("\n", "")
    assert done.report == {}
    assert not (site.folder / "坏.revenue.errors.csv").exists()
