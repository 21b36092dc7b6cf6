"""Files come into the running suite as an operator brings them, and people see what came of it.

Of customers, divisions, declarations, contracts and complaints; money has a module of its own.
"""

from __future__ import annotations

import csv

from tests.scenarios.import_mappings import CUSTOMERS
from tests.scenarios.importing_site import DIRECTOR, Site

DECLARED = "ref,system,customer_code,name,division_code,declared_by,declared_on,approved_by,"
DECLARED += "approved_on,registered_by,registered_on,a_staff_code\n"


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
