"""Files come into the running suite as an operator brings them, and people see what came of it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.cast import load_cast
from deploy.local.suite import Suite
from tests.scenarios.importing_site import DIRECTOR, FINANCE, OPERATOR, Site
from tests.shared.importing.workbooks import Cell, write_workbook

CUSTOMERS = """
kind: customers
system: erp
events:
  customer_opened:
    fields:
      code: 客户编号
      name: 客户名称
      division_code: {constant: "440100"}
      owner_unit: {constant: GZ}
      opened_on: {constant: 2024-01-01}
      opening: {constant: true}
"""
REVENUE = """
kind: revenue
system: erp
group_by: [单号]
set_aside:
  - {column: 客户, is: empty, reason: 没有客户 / no customer}
fields:
  ref: 单号
  customer.system: {constant: erp}
  customer.code: 客户
  business_line: {constant: 速递}
  occurred_on: {column: 日期, of_group: min}
  amount: {calculate: 数量 * 单价}
totals_by: customer.code
"""
CHARGES = """
kind: charges
system: erp
fields:
  ref: 账单号
  customer.system: {constant: erp}
  customer.code: 客户
  business_line: {constant: 速递}
  amount: 金额
  issued_on: 开账日
  due_on: 到期日
  tariff_class: {constant: other}
"""
PAYMENTS = """
kind: payments
system: bank
fields:
  ref: 流水号
  company_account: 账户
  payer.system: {constant: erp}
  payer.code: 付款人
  amount: 金额
  received_on: 日期
  remittance: {column: 账单号, split: " "}
  remittance_system: {constant: erp}
"""
COMPLAINTS = """
kind: complaints
system: callcentre
events:
  complaint_raised:
    fields:
      ref: Key
      channel: {constant: phone}
      kind: {constant: complaint}
      text: Text
      occurred_at: {column: Opened, format: "%d.%m.%Y %H:%M"}
  complaint_closed:
    when: [{column: Closed, is: filled}]
    fields:
      ref: Key
      closed_at: {column: Closed, format: "%d.%m.%Y %H:%M"}
      result: {constant: closed}
"""
DECLARED = "ref,system,customer_code,name,division_code,declared_by,declared_on,approved_by,"
DECLARED += "approved_on,registered_by,registered_on,a_staff_code\n"


@pytest.fixture(scope="module")
def running(new_suite: Callable[[str], Suite]) -> Suite:
    """A suite of its own, with units and people who came in from files."""
    suite = new_suite("imports")
    load_cast(suite)
    return suite


@pytest.fixture
def site(running: Suite, tmp_path: Path) -> Site:
    """The suite as an operator meets it, with all mappings in a new folder."""
    site = Site(running, tmp_path)
    for name, mapping in {
        "customers": CUSTOMERS,
        "revenue": REVENUE,
        "charges": CHARGES,
        "payments": PAYMENTS,
        "complaints": COMPLAINTS,
    }.items():
        site.write(f"{name}.yaml", mapping)
    return site


def open_customers(site: Site, *codes: str) -> None:
    """Bring customers in, as another test shows in detail."""
    lines = "".join(f"{code},客户{code}\n" for code in codes)
    site.write("known.csv", f"客户编号,客户名称\n{lines}")
    done = site.imports("registry", "customers", "known.csv", "--mapping", "customers.yaml")
    assert done.code == 0, done.words
    site.drain("registry", "billing")


def test_customers_from_a_file_in_gb18030_are_in_the_register_under_their_code(
    site: Site,
) -> None:
    text = "客户编号,客户名称\nA-1,广州羊城药业有限公司\nA-2,㐂镕贸易行\n"
    site.write("客户.csv", text.encode("gb18030"))
    done = site.imports("registry", "customers", "客户.csv", "--mapping", "customers.yaml")
    assert (done.code, done.report["encoding"], done.report["sent"]) == (0, "gb18030", 2)
    site.drain("registry", "billing")
    customer = site.customer("erp", "A-2")
    assert (customer["name"], customer["state"]) == ("㐂镕贸易行", "registered")
    assert customer["is_opening"] is True
    assert customer["owner_unit"] == "GZ"


def test_x11_a_messy_register_is_looked_at_kept_flagged_and_taken_once(site: Site) -> None:
    """X-11, R-33, R-81: what can be kept is flagged, what cannot comes back, twice is once."""
    site.write(
        "册.yaml",
        CUSTOMERS.replace('{constant: "440100"}', "区划")
        + "      unified_credit_code: 信用代码\n      registered_capital: 注册资本\n",
    )
    head = "客户编号,客户名称,区划,信用代码,注册资本\n"
    good = "Z-1,珠海宏达机械有限公司,440400,91110000600037341l,500万元\n"
    retired = "Z-2,广州萝岗化工厂,440116,,不详\n"
    same = "Z-3,宏达第二公司,440400,91110000600037341L,\nZ-4,珠海宏达机械公司,440400,,\n"
    unknown = "Z-5,某公司,449900,,\n"
    site.write("册.csv", head + good + retired + same + unknown)
    typed = ("registry", "customers", "册.csv", "--mapping", "册.yaml")
    rehearsed = site.imports(*typed, "--dry-run")
    done = site.imports(*typed)
    for each, sent in ((rehearsed, 0), (done, 3)):
        assert (each.code, each.report["sent"], each.report["refused_rows"]) == (1, sent, 2)
        assert each.report["remarks"] == {
            "credit-code-respelled": 1,
            "division-retired": 1,
            "capital-unreadable": 1,
            "duplicate-in-file": 1,
        }
    with (site.folder / done.report["error_file"]).open(encoding="utf-8-sig") as file:
        reasons = {row["客户编号"]: row["_reason_en"] for row in csv.DictReader(file)}
    assert reasons.keys() == {"Z-3", "Z-5"}
    assert "line 2" in reasons["Z-3"]
    with (site.folder / done.report["remarks_file"]).open(encoding="utf-8-sig") as file:
        assert ("duplicate-in-file", "5") in {(r["kind"], r["line"]) for r in csv.DictReader(file)}
    site.drain("registry")

    kept, waiting = site.customer("erp", "Z-1"), site.customer("erp", "Z-2")
    assert (kept["unified_credit_code"], kept["flags"]) == (
        *("91110000600037341L", ["credit-code-respelled"]),
    )
    assert (kept["registered_capital"], kept["capital_amount"]) == ("500万元", "5000000.00")
    assert (waiting["state"], waiting["customer_id"], waiting["division_code"]) == (
        *("approved", None, "440116"),
    )
    again = site.imports(*typed)
    assert (again.report["sent"], again.report["sent_before"]) == (0, 3)
    site.write("改.csv", f"{head}Z-1,改名有限公司,440400,,\n")
    changed = site.imports("registry", "customers", "改.csv", "--mapping", "册.yaml")
    assert (changed.report["sent"], changed.report["refused_rows"]) == (0, 1)


def test_r33_a_site_brings_its_divisions_in(site: Site) -> None:
    """R-33: a retired code then explains itself with its successors."""
    site.write("区划.csv", "code,name,successors\n440116,萝岗区,440112\n440102,东山区,440104\n")
    done = site.imports("registry", "divisions", "区划.csv")
    assert (done.code, done.report["sent"]) == (0, 2)
    shown = site.get(DIRECTOR, "registry", "/v1/divisions/440116")
    assert [each["code"] for each in shown["successors"]] == ["440112"]
    assert site.imports("registry", "divisions", "区划.csv").report["sent_before"] == 2


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


def test_declarations_go_through_the_same_rules_as_people(site: Site) -> None:
    good = "H-1,crm,H-1,手填客户一,440100,G004,2024-02-01,P002,2024-02-05,P001,2024-02-06,G004\n"
    self_approved = "H-2,crm,H-2,手填客户二,440100,G004,2024-02-01,G004,2024-02-05,,,\n"
    nobody = "H-3,crm,H-3,手填客户三,440100,X999,2024-02-01,,,,,\n"
    site.write("申报.csv", DECLARED + good + self_approved + nobody)
    rehearsed = site.imports("registry", "declarations", "申报.csv", "--dry-run")
    assert (rehearsed.code, rehearsed.report["refused_rows"]) == (1, 2)
    assert (rehearsed.report["good"], rehearsed.report["sent"]) == ({"declarations": 1}, 0)
    assert site.get(DIRECTOR, "registry", "/v1/customers", system="crm")["items"] == []

    done = site.imports("registry", "declarations", "申报.csv")
    assert (done.code, done.report["sent"], done.report["refused_rows"]) == (1, 1, 2)
    with (site.folder / done.report["error_file"]).open(encoding="utf-8-sig") as file:
        reasons = {row["ref"]: row["_reason_en"] for row in csv.DictReader(file)}
    assert reasons.keys() == {"H-2", "H-3"}
    assert "X999" in reasons["H-3"]
    assert site.customer("crm", "H-1")["state"] == "registered"

    signed = "ref,system,customer_code,signed_at_unit,signed_on\n"
    site.write("合同.csv", f"{signed}H-C1,crm,H-1,GZ,2024-03-01\nH-C2,crm,H-2,GZ,2024-03-01\n")
    contracts = site.imports("registry", "contracts", "合同.csv")
    assert (contracts.code, contracts.report["sent"]) == (1, 1)
    again = site.imports("registry", "contracts", "合同.csv")
    assert (again.report["sent"], again.report["sent_before"]) == (0, 1)
    key = site.customer("crm", "H-1")["customer_key"]
    shown = site.get(DIRECTOR, "registry", "/v1/contracts", customer_key=key)["items"]
    assert [contract["contract_number"] for contract in shown] == [None]


def test_complaints_of_the_past_are_cases_without_consequences(site: Site) -> None:
    closed = "K1;late;01.03.2024 08:00;02.03.2024 09:30\n"
    site.write("cases.csv", f"Key;Text;Opened;Closed\n{closed}K2;lost;01.03.2024 10:00;\n")
    typed = ("engagement", "complaints", "cases.csv", "--mapping", "complaints.yaml")
    assert site.imports(*typed).report["good"] == {"complaint_raised": 2, "complaint_closed": 1}
    site.drain("engagement")
    site.sweep("engagement")
    cases = site.get(DIRECTOR, "engagement", "/v1/complaints")["items"]
    states = {case["source_ref"]: (case["state"], case["is_imported"]) for case in cases}
    assert states == {"K1": ("closed", True), "K2": ("open", True)}
    assert all(case["breached"] == [] for case in cases)
