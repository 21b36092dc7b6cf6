"""The mappings of docs/examples do what docs/importing.md says, on files like the public ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.cast import load_cast
from deploy.local.folders import ROOT
from deploy.local.suite import Suite
from tests.scenarios.importing_site import DIRECTOR, Site

EXAMPLES = ROOT / "docs" / "examples"
HEAD_OFFICE = ("HQ-D", "CRM", "director")
CRM_FILES = {
    "sales_teams.csv": """sales_agent,manager,regional_office
Anna Snelling,Dustin Brinkmann,Central
Moses Frase,Dustin Brinkmann,Central
Reed Clapper,Rocco Neubert,East
""",
    "accounts.csv": """account,sector,office_location
Cancity,retail,United States
Isdom,medical,United States
""",
    "sales_pipeline.csv": """\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date
1C1I7A6R,Moses Frase,GTXPro,Cancity,Won,2016-10-20,2017-03-01
Z063OYW0,Anna Snelling,GTX Basic,Isdom,Won,2016-10-25,2017-03-11
EC4QE1BX,Anna Snelling,MG Special,Cancity,Lost,2016-10-25,2017-03-07
HAXMC4IX,Reed Clapper,MG Special,,Engaging,2016-11-03,
""",
}
CRM_IMPORTS = (
    ("units", "sales_teams.csv", "crm-units.yaml", 3),
    ("units", "sales_teams.csv", "crm-teams.yaml", 2),
    ("staff", "sales_teams.csv", "crm-managers.yaml", 4),
    ("staff", "sales_teams.csv", "crm-agents.yaml", 3),
    ("customers", "accounts.csv", "crm-accounts.yaml", 2),
    ("declarations", "sales_pipeline.csv", "crm-declarations.yaml", 2),
    ("contracts", "sales_pipeline.csv", "crm-contracts.yaml", 2),
)


@pytest.fixture(scope="module")
def running(new_suite: Callable[[str], Suite]) -> Suite:
    """A suite of its own, with the people whom `make run` brings along."""
    suite = new_suite("examples")
    load_cast(suite)
    return suite


@pytest.fixture
def site(running: Suite, tmp_path: Path) -> Site:
    """The suite as an operator meets it, with the mappings in a new folder."""
    site = Site(running, tmp_path)
    for mapping in EXAMPLES.glob("*.yaml"):
        # The suite keeps its books in yuan; a mapping that names another currency is refused.
        site.write(mapping.name, mapping.read_text().replace("currency: GBP", "currency: CNY"))
    return site


def test_the_sales_of_a_crm_become_units_people_declared_customers_and_contracts(
    site: Site,
) -> None:
    for name, content in CRM_FILES.items():
        site.write(name, content)
    for kind, file, mapping, number in CRM_IMPORTS:
        done = site.imports("registry", kind, file, "--mapping", mapping)
        assert (done.code, done.report["sent"]) == (0, number), done.words
    customers = site.get(HEAD_OFFICE, "registry", "/v1/customers")["items"]
    assert {(each["name"], each["state"], each["owner_unit"]) for each in customers} == {
        ("Cancity", "registered", "Dustin Brinkmann"),
        ("Isdom", "registered", "Dustin Brinkmann"),
    }
    contracts = site.get(HEAD_OFFICE, "registry", "/v1/contracts")["items"]
    assert sorted(each["contract_number"] for each in contracts) == ["1C1I7A6R", "Z063OYW0"]


def test_the_invoices_of_a_wholesaler_become_customers_and_net_revenue(site: Site) -> None:
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    lines = (
        "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom",
        "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom",
        "536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom",
    )
    site.write("online_retail.csv", head + "\n".join(lines) + "\n")
    for service, kind, mapping in (
        ("registry", "customers", "online-retail-customers.yaml"),
        ("billing", "revenue", "online-retail-revenue.yaml"),
    ):
        done = site.imports(service, kind, "online_retail.csv", "--mapping", mapping)
        assert (done.code, done.report["sent"]) == (0, 2), done.words
        assert done.report["set_aside"] == {"没有客户 / no customer": 1}
        site.drain("registry", "billing")
    period = {"from_on": "2010-12-01", "until_on": "2011-12-31"}
    rows = site.get(DIRECTOR, "billing", "/v1/revenue", by="customer", **period)["items"]
    assert sorted(row["amount"] for row in rows) == ["-27.50", "35.64"]


def test_the_complaints_of_a_city_become_cases_of_nobody_without_deadlines(site: Site) -> None:
    columns = (
        *("Unique Key", "Created Date", "Closed Date", "Agency", "Complaint Type"),
        *("Descriptor", "Location Type", "Borough", "Status"),
    )
    rows = (
        "64345465,3/14/2025 1:20,,NYPD,Animal-Abuse,Neglected,House,BROOKLYN,In Progress",
        "64345466,3/14/2025 1:20,3/14/2025 5:49,NYPD,Animal-Abuse,Chained,House,QUEENS,Closed",
    )
    site.write("311.csv", "\n".join((",".join(columns), *rows)) + "\n")
    done = site.imports(
        "engagement", "complaints", "311.csv", "--mapping", "nyc311-complaints.yaml"
    )
    assert (done.code, done.report["sent"]) == (0, 3), done.words
    site.drain("engagement")
    cases = site.get(DIRECTOR, "engagement", "/v1/complaints")["items"]
    assert {(each["source_ref"], each["state"], each["customer_key"]) for each in cases} == {
        ("64345465", "open", None),
        ("64345466", "closed", None),
    }


def test_a_public_list_of_retired_divisions_names_their_successors(site: Site) -> None:
    site.write("retired.csv", "code,name,successors\n440116,萝岗区,440112\n440101,市辖区,\n")
    typed = ("registry", "divisions", "retired.csv", "--mapping", "retired-divisions.yaml")
    done = site.imports(*typed)
    assert (done.code, done.report["sent"], sum(done.report["set_aside"].values())) == (0, 1, 1)
    shown = site.get(DIRECTOR, "registry", "/v1/divisions/440116")
    assert [each["code"] for each in shown["successors"]] == ["440112"]


def test_the_old_books_open_bills_and_advances_open_the_new_ones_once(site: Site) -> None:
    """B-35: the file may come twice, and is taken once; the trial balance says what came."""
    site.write(
        "customers.csv",
        "InvoiceNo,InvoiceDate,UnitPrice,Quantity,CustomerID,Country\n"
        "1,2025-01-01 08:00:00,1,1,17001.0,United Kingdom\n",
    )
    mapping = ("--mapping", "online-retail-customers.yaml")
    assert site.imports("registry", "customers", "customers.csv", *mapping).code == 0
    site.write(
        "closing.csv",
        "number,customer,kind,amount,due,line\nB-1,17001,应收,1060.00,2025-11-30,函件\n"
        "A-1,17001,预收,200.00,,\nB-2,17001,借出,1.00,2025-11-30,函件\n",
    )
    options = ("--mapping", "opening-balances.yaml", "--errors", "wrong.csv")
    for expected in (2, 0):
        done = site.imports("billing", "opening-balances", "closing.csv", *options)
        assert (done.code, done.report["sent"]) == (1, expected), done.words
        site.drain("registry", "billing")
    assert "借出" in (site.folder / "wrong.csv").read_text(encoding="utf-8-sig")
    accounts = site.get(DIRECTOR, "billing", "/v1/ledger/trial-balance")["accounts"]
    balances = {each["account"]: each["balance"] for each in accounts}
    assert balances["opening_balances"] == "-860.00"
    assert site.fate("billing", "erp/opening_balance_stated/B-1") == "accepted"
