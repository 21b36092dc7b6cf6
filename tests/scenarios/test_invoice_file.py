"""Invoices with settled dates come from a file; reports say what the file itself adds up to.

The figures expected are reckoned here from the file's own columns, by nothing of the services.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pytest

from deploy.local.cast import load_cast
from deploy.local.folders import ROOT
from deploy.local.suite import Suite
from tests.scenarios.importing_site import DIRECTOR, FINANCE, Site

EXAMPLES = ROOT / "docs" / "examples"
FILE = "accounts-receivable.csv"
CENT = Decimal("0.01")
YEAR_ENDS_WITH = (12, 31)
DAYS = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 12, 31), date(2025, 1, 9)]
DAYS += [date(2025, 1, 10), date(2025, 6, 30)]


@dataclass(frozen=True)
class Invoice:
    """A line of the file."""

    customer: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    settled_on: date | None

    def is_open(self, on: date) -> bool:
        return self.issued_on <= on and (self.settled_on is None or self.settled_on > on)

    def days_late(self, on: date) -> int:
        """Until it was settled, or until that day."""
        end = on if self.settled_on is None else min(self.settled_on, on)
        return max(0, (end - self.due_on).days)

    @property
    def late_fee(self) -> Decimal:
        """What is final of it: 2 per mille a day, 3 per mille from the new year on, 1 at least."""
        if self.settled_on is None or self.settled_on <= self.due_on:
            return Decimal(0)
        late = (self.settled_on - self.due_on).days
        this_year = min(late, (date(self.due_on.year, *YEAR_ENDS_WITH) - self.due_on).days)
        fee = self.amount * (2 * this_year + 3 * (late - this_year)) / 1000
        return max(Decimal(1), fee.quantize(CENT, ROUND_HALF_UP))


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%m/%d/%Y").date() if text else None  # noqa: DTZ007  # a day


def _given(text: str) -> date:
    day = _day(text)
    assert day is not None
    return day


@pytest.fixture(scope="module")
def invoices() -> list[Invoice]:
    """The file, read by hand."""
    with (EXAMPLES / FILE).open(encoding="utf-8") as file:
        return [
            Invoice(
                row["customerID"],
                row["invoiceNumber"],
                _given(row["InvoiceDate"]),
                _given(row["DueDate"]),
                Decimal(row["InvoiceAmount"]),
                _day(row["SettledDate"]),
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def site(
    new_suite: Callable[[str], Suite], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A suite into which the file was imported: payments before charges, and everything twice."""
    suite = new_suite("invoices")
    load_cast(suite)
    site = Site(suite, tmp_path_factory.mktemp("invoices"))
    for path in (EXAMPLES / FILE, *EXAMPLES.glob("accounts-receivable-*.yaml")):
        site.write(path.name, path.read_text(encoding="utf-8"))
    steps = ("payments", "customers", "charges", "payments", "charges")
    for place, kind in enumerate(steps):
        service = "registry" if kind == "customers" else "billing"
        mapping = f"accounts-receivable-{kind}.yaml"
        done = site.imports(service, kind, FILE, "--mapping", mapping)
        assert (done.code, done.report["refused_rows"]) == (0, 0), done.words
        assert bool(done.report["sent"]) is (kind not in steps[:place])
        site.drain("registry", "billing")
    yield site


def rows(site: Site, path: str, *inside: str, **question: str | int) -> list[dict[str, Any]]:
    """All pages of a report."""
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = site.get(DIRECTOR, "billing", path, page_size=200, **question, **token)
        for part in inside:
            page = page[part]
        found += page["items"]
        if page["next_page_token"] is None:
            return found
        token = {"page_token": page["next_page_token"]}


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_b13_b17_open_overdue_ageing_and_days_late_of_any_day_are_the_files(
    site: Site, invoices: list[Invoice], on: date
) -> None:
    """B-13, B-17, B-20: and the trial balance of the day is zero."""
    still = [each for each in invoices if each.is_open(on)]
    late = [each for each in still if each.due_on < on]
    report = site.get(DIRECTOR, "billing", "/v1/reports/open-items", on=str(on))
    for part, expected in (("open", still), ("overdue", late)):
        found = report[part]["instalments"], Decimal(report[part]["instalments_balance"])
        assert found == (len(expected), sum(each.amount for each in expected)), part
    items = rows(site, "/v1/ageing/items", on=str(on))
    assert Counter(item["ref"] for item in items if not item["is_late_fee"]) == Counter(
        each.number for each in still
    )

    buckets: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        if not item["is_late_fee"]:
            buckets[item["bucket"]] += Decimal(item["balance"])
    expected_buckets: dict[str, Decimal] = defaultdict(Decimal)
    for each in still:
        expected_buckets[_bucket((on - each.due_on).days)] += each.amount
    assert buckets == expected_buckets

    trial = site.get(DIRECTOR, "billing", "/v1/ledger/trial-balance", on=str(on))
    assert trial["balance"] == "0.00"
    accounts = {row["account"]: row["balance"] for row in trial["accounts"]}
    assert accounts["receivable"] == report["open"]["balance"]
    assert Decimal(accounts["bank"]) == sum(
        each.amount for each in invoices if each.settled_on and each.settled_on <= on
    )
    _check_days_late(site, [each for each in invoices if each.due_on <= on], on)


def _check_days_late(site: Site, due: list[Invoice], on: date) -> None:
    found = {
        row["customer_key"]: row
        for row in rows(site, "/v1/reports/days-late", "customers", on=str(on))
    }
    codes = sorted({each.customer for each in due})
    assert len(found) == len(codes)
    for code in codes:
        own = [each for each in due if each.customer == code]
        row = found[site.customer("erp", code)["customer_key"]]
        yuan = sum((each.amount for each in own), Decimal(0))
        weighted = sum((each.amount * each.days_late(on) for each in own), Decimal(0)) / yuan
        mean = Decimal(sum(each.days_late(on) for each in own)) / len(own)
        assert (row["instalments"], Decimal(row["amount"])) == (len(own), yuan)
        assert row["settled"] == sum(not each.is_open(on) for each in own)
        assert row["max_days_late"] == max(each.days_late(on) for each in own)
        assert Decimal(row["weighted_days_late"]) == weighted.quantize(CENT, ROUND_HALF_UP)
        assert Decimal(row["average_days_late"]) == mean.quantize(CENT, ROUND_HALF_UP)


def _bucket(days: int) -> str:
    if days <= 0:
        return "not-due"
    borders = (0, 30, 60, 90, 180, 365)
    return next(
        (f"{first + 1}-{last}" for first, last in pairwise(borders) if days <= last), "over-365"
    )


def test_b15_late_fees_are_what_the_plan_makes_of_the_file(
    site: Site, invoices: list[Invoice]
) -> None:
    """B-15: of what was settled late; what is still open grows until it is settled."""
    numbers = {row["receivable_id"]: row["ref"] for row in rows(site, "/v1/receivables")}
    found = {
        numbers[fee["receivable_id"]]: Decimal(fee["amount"])
        for fee in rows(site, "/v1/late-fees")
        if fee["is_final"]
    }
    assert found == {each.number: each.late_fee for each in invoices if each.late_fee}
    assert Decimal(5200) in found.values(), "100 000 over a year end, as 11 days and 10"
    assert Decimal(1) in found.values(), "the least"


def test_b34_a_customers_statement_runs_from_nothing_to_what_is_open(
    site: Site, invoices: list[Invoice]
) -> None:
    """B-34: by the ledger, with the late fees that became final.

    A late fee of what was first known in part is taken back by a reversal when the rest comes, so
    that what happened between depends on which portions the facts came in; what it adds up to
    does not.
    """
    code = "1003-CCCCC"
    own = [each for each in invoices if each.customer == code]
    statement = site.get(
        FINANCE,
        "billing",
        "/v1/ledger/statement",
        customer_key=site.customer("erp", code)["customer_key"],
        from_on="2024-01-01",
        until_on="2025-06-30",
        page_size=200,
    )
    debits: dict[str, Decimal] = defaultdict(Decimal)
    for line in statement["lines"]["items"]:
        debits[line["kind"]] += Decimal(line["debit"]) - Decimal(line["credit"])
    assert statement["lines"]["next_page_token"] is None
    assert Decimal(statement["opening"]) == 0
    assert debits["charge"] == sum(each.amount for each in own)
    paid = sum((each.amount for each in own if each.settled_on), Decimal(0))
    assert debits["payment"] + debits["application"] == -paid
    assert debits["late_fee"] == sum(each.late_fee for each in own)
    assert Decimal(statement["closing"]) == sum(debits.values())
    assert Decimal(statement["debits"]) - Decimal(statement["credits"]) == sum(debits.values())
