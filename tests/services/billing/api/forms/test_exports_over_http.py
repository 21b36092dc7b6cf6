"""X-11, X-08: revenue and receivables as files, under permission, for a purpose that is kept."""

from __future__ import annotations

import csv
import io
import resource
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest
from starlette.types import Message, Scope

from services.billing.consumers import CONSUMERS
from shared.contracts.envelope import Event
from shared.documents import exports
from shared.service import Runtime
from tests.services.billing.books import as_fact, revenue
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of

pytestmark = pytest.mark.usefixtures("furnished")
PURPOSE = "季度对账"
YEAR = {"from_on": "2026-01-01", "until_on": "2026-12-31"}
EXPORTS: dict[str, dict[str, str]] = {
    "/v1/revenue/export": YEAR,
    "/v1/receivables/export": {},
    "/v1/reports/open-items/export": {},
    "/v1/reports/days-late/export": {},
}


async def exported(
    asking: Asking, path: str, person: cast.Person = cast.CITY_DIRECTOR, **question: str
) -> httpx.Response:
    """What `person` gets who asks for an export."""
    asked = {"purpose": PURPOSE, **EXPORTS[path], **question}
    return await asking(person).get(path, params=asked)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def log_of(database: str) -> list[tuple[Any, ...]]:
    """Who exported what, as it is kept."""
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT staff_code, unit, what, format, purpose, rows, filters FROM exports"
            " ORDER BY exported_at, export_id"
        ).fetchall()


async def test_x11_exported_revenue_sums_to_the_report(asking: Asking) -> None:
    """X-11, B-31: a negative amount is a number and no formula."""
    for person, total in ((cast.CITY_DIRECTOR, 160), (cast.OTHER_CITY_DIRECTOR, 130)):
        rows = rows_of(await exported(asking, "/v1/revenue/export", person))
        assert sum(Decimal(row["金额"]) for row in rows) == total
    own = rows_of(await exported(asking, "/v1/revenue/export"))
    assert {row["客户名称"] for row in own} == {cast.ELECTRONICS.name, cast.INSURER.name}
    others = rows_of(await exported(asking, "/v1/revenue/export", cast.OTHER_CITY_DIRECTOR))
    assert {(row["客户名称"], row["分成依据"]) for row in others} == {
        (cast.SOFTWARE.name, "default"),
        ("", ""),
    }, "of a customer out of sight the unit knows its own share"
    (back,) = [row for row in own if row["金额"].startswith("-")]
    assert (back["金额"], back["增量"], back["单号"], back["性质"]) == (
        "-30.00",
        "是",
        "R-3",
        "收入",
    )


async def test_x11_exported_receivables_are_those_of_the_list(asking: Asking) -> None:
    rows = rows_of(await exported(asking, "/v1/receivables/export"))
    assert {(row["单号"], row["状态"], row["客户名称"]) for row in rows} == {
        ("C-1", "已逾期", cast.ELECTRONICS.name),
        ("C-2", "已结清", cast.INSURER.name),
    }
    listed = (await asking(cast.CITY_DIRECTOR).get("/v1/receivables")).json()["items"]
    assert {row["应收键"]: row["余额"] for row in rows} == {
        each["receivable_id"]: each["balance"] for each in listed
    }
    settled = rows_of(await exported(asking, "/v1/receivables/export", state="settled"))
    assert [row["单号"] for row in settled] == ["C-2"]


async def test_x11_exported_open_items_and_days_late_are_those_of_the_reports(
    asking: Asking,
) -> None:
    client = asking(cast.CITY_DIRECTOR)
    for on in ("2025-12-21", "2026-03-16"):
        rows = rows_of(await exported(asking, "/v1/reports/open-items/export", on=on))
        report = (await client.get("/v1/reports/open-items", params={"on": on})).json()
        assert len(rows) == report["open"]["items"]
        assert sum(Decimal(row["余额"]) for row in rows) == Decimal(report["open"]["balance"])
    rows = rows_of(await exported(asking, "/v1/reports/days-late/export", on="2026-03-16"))
    report = (await client.get("/v1/reports/days-late")).json()["customers"]["items"]
    assert [row["加权逾期天数"] for row in rows] == [each["weighted_days_late"] for each in report]


async def test_x11_what_a_sender_named_stands_as_it_was_named_and_never_as_a_formula(
    asking: Asking, process: Runtime
) -> None:
    """X-11: a business line that is called as one of our words, and one that is a command."""
    names = ("other", "restatement", "=HYPERLINK(1)")
    async with process.works.begin() as work:
        facts: list[Event] = [
            revenue(cast.INSURER, f"W-{place}", 1, line=name) for place, name in enumerate(names)
        ]
        await CONSUMERS.dispatch(work, [as_fact(fact) for fact in facts])
    rows = rows_of(await exported(asking, "/v1/revenue/export"))
    found = {row["单号"]: (row["业务种类"], row["性质"]) for row in rows if row["单号"][0] == "W"}
    assert found == {
        "W-0": ("other", "收入"),
        "W-1": ("restatement", "收入"),
        "W-2": ("'=HYPERLINK(1)", "收入"),
    }
    cells = cells_of((await exported(asking, "/v1/revenue/export", format="xlsx")).content)
    assert "=HYPERLINK(1)" in cells


@pytest.mark.parametrize("path", EXPORTS)
async def test_x11_an_xlsx_has_as_many_rows_as_the_csv(asking: Asking, path: str) -> None:
    rows = rows_of(await exported(asking, path))
    assert rows
    cells = cells_of((await exported(asking, path, format="xlsx")).content)
    assert cells[: len(rows[0])] == list(rows[0])
    assert len(cells) == len(rows[0]) + sum(1 for row in rows for value in row.values() if value)


@pytest.mark.parametrize("path", EXPORTS)
async def test_x11_an_export_is_read_page_after_page_and_has_every_row_once(
    asking: Asking, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(await exported(asking, path, cast.PROVINCE_DIRECTOR))
    assert len(whole) > 1
    for size in (1, len(whole) - 1, len(whole), len(whole) + 1):
        monkeypatch.setattr(exports, "PAGE_SIZE", size)
        assert rows_of(await exported(asking, path, cast.PROVINCE_DIRECTOR)) == whole, size


@pytest.mark.parametrize("path", EXPORTS)
async def test_x11_without_permission_or_purpose_nothing_is_exported_nor_logged(
    asking: Asking, path: str, database: str
) -> None:
    for person, problem in (
        (cast.TELEPHONE, "/problems/role-missing"),
        (cast.MANAGER_A, "/problems/role-missing"),
        (cast.MARKET_DEPARTMENT, "/problems/not-an-exporter"),
    ):
        answer = await exported(asking, path, person)
        assert (answer.status_code, answer.json()["type"]) == (403, problem)
    assert (await exported(asking, path, purpose="  ")).status_code == 422
    assert log_of(database) == []


async def test_x08_who_exported_what_is_kept_and_read_by_those_above(
    asking: Asking, database: str
) -> None:
    rows_of(await exported(asking, "/v1/receivables/export", cast.FINANCE, state="settled"))
    rows_of(await exported(asking, "/v1/receivables/export", cast.OTHER_CITY_FINANCE))
    first, second = log_of(database)
    assert first == ("G006", "GZ", "receivables", "csv", PURPOSE, 1, {"state": "settled"})
    assert second[:2] == ("S004", "SZ")
    for person, seen in (
        (cast.AUDITOR, {"G006", "S004"}),
        (cast.CITY_DIRECTOR, {"G006"}),
        (cast.OTHER_CITY_DIRECTOR, {"S004"}),
    ):
        listed = (await asking(person).get("/v1/exports")).json()["items"]
        assert {each["staff_code"] for each in listed} == seen
    (own,) = (await asking(cast.AUDITOR).get("/v1/exports", params={"staff_code": "G006"})).json()[
        "items"
    ]
    assert (own["rows"], own["filters"], own["policy_version"]) == (1, {"state": "settled"}, 1)
    assert (await asking(cast.MANAGER_A).get("/v1/exports")).status_code == 403
    with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("DELETE FROM exports")


async def test_x11_a_hundred_thousand_rows_go_out_in_flat_memory(
    asking: Asking, database: str
) -> None:
    """Rows are read and sent page by page: this process holds one of them."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO journal (created_at, event_at, event_on, line_no, is_increment, debit,"
            " credit, journal_id, source_id, customer_key, amount, kind, unit, business_line)"
            " SELECT now(), now(), '2026-03-01', 1, false, 'billed_clearing', 'revenue',"
            " gen_random_uuid(), gen_random_uuid(), %s, 1.01, 'revenue', 'GZ', 'express'"
            " FROM generate_series(1, 100000)",
            [cast.ELECTRONICS.key],
        )
    before, told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0

    async def send(message: Message) -> None:
        nonlocal told
        told += message.get("body", b"").count(b"\r\n")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    token = asking(cast.CITY_DIRECTOR).headers["authorization"].encode()
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": "/v1/revenue/export",
        "query_string": b"purpose=report&from_on=2026-03-01&until_on=2026-03-31",
        "headers": [(b"authorization", token)],
        "app": asking.app,
    }
    await asking.app(scope, receive, send)
    assert told == 1 + 100_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 24 * 1024, f"{grown} kB more"
