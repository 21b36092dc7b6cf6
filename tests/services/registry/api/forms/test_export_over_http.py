"""X-11: customers in scope as a file, under permission, for a purpose that is kept."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from starlette.types import Message, Scope

from services.registry.api.forms.export import COLUMNS
from services.registry.api.register.customer_models import CustomerOut
from services.registry.storage.identity import marks
from shared.documents import exports
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of

PURPOSE = "向省局报送年度大客户名册"


async def exported(
    asking: Asking, person: cast.Person = cast.CITY_DIRECTOR, /, **question: str
) -> httpx.Response:
    """What `person` gets who asks for an export."""
    return await asking(person).get("/v1/customers/export", params={"purpose": PURPOSE, **question})


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text))


def log_of(database: str) -> list[tuple[Any, ...]]:
    """Who exported what for which purpose, as the log of archives has it."""
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT staff_code, purpose, details FROM archive_audit WHERE action = 'export'"
            " ORDER BY recorded_at, entry_id"
        ).fetchall()


def test_x11_every_field_of_the_screen_is_exported_and_no_other() -> None:
    assert set(COLUMNS) == set(CustomerOut.model_fields)
    assert len(set(COLUMNS.values())) == len(COLUMNS)


async def test_x11_a_csv_has_the_customers_in_scope_as_the_screen_shows_them(
    asking: Asking, approve: Declare
) -> None:
    shown = await approve(customer={"codes": [{"system": "erp", "code": "C-9"}]})
    answer = await exported(asking)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = rows_of(answer)
    assert row["客户键"] == shown["customer_key"]
    assert (row["客户名称"], row["状态"], row["性质"]) == (shown["name"], "已核准", "商业性")
    assert (row["归属单位"], row["外部系统编号"], row["期初登记"]) == ("GZ-TH", "erp:C-9", "否")
    assert row["核准日期"] == "2026-01-12"
    assert rows_of(await exported(asking, cast.OTHER_CITY_DIRECTOR)) == []


async def test_x11_an_xlsx_has_the_same_cells(asking: Asking, approve: Declare) -> None:
    await approve()
    csv_cells = [value for value in rows_of(await exported(asking))[0].values() if value]
    cells = cells_of((await exported(asking, format="xlsx")).content)
    assert cells == [*COLUMNS.values(), *csv_cells]


async def test_x11_a_name_that_is_a_formula_is_disarmed(asking: Asking, approve: Declare) -> None:
    name = '=HYPERLINK("http://x.example","广州")'
    await approve(customer={"name": name})
    (row,) = rows_of(await exported(asking))
    assert row["客户名称"] == f"'{name}"
    assert name in cells_of((await exported(asking, format="xlsx")).content)


async def test_x11_an_export_is_read_page_after_page(
    asking: Asking, approve: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every customer once, whatever the size of a page: smaller, as many, one more."""
    names = [f"第{number}家" for number in range(4)]
    for name in names:
        await approve(customer={"name": name})
    for size in (1, 3, 4, 5):
        monkeypatch.setattr(exports, "PAGE_SIZE", size)
        assert [row["客户名称"] for row in rows_of(await exported(asking))] == names, size


async def test_x11_an_export_follows_the_filters_of_the_list(
    asking: Asking, approve: Declare
) -> None:
    await approve()
    await approve(customer={"name": "广州北方纺织有限公司"})
    for question, expected in (
        ({"name": "北方"}, 1),
        ({"owner_unit": "GZ"}, 2),
        ({"owner_unit": "SZ"}, 0),
        ({"state": "approved"}, 2),
        ({"state": "registered"}, 0),
    ):
        answer = await exported(asking, cast.CITY_DIRECTOR, **question)
        assert len(rows_of(answer)) == expected, question


async def test_x11_an_export_finds_what_the_list_finds(
    asking: Asking, approve: Declare, process: Runtime, database: str
) -> None:
    """By traditional characters, initials, pinyin, phone and person; the log names no person."""
    south = await approve(customer={"name": "广州南方机械有限公司"})
    await approve(customer={"name": "广州北方纺织有限公司"})
    async with process.works.begin() as work:
        key = UUID(south["customer_key"])
        await marks.keep(work, key, "base", phones=["020-38881234"], people=["陳小明"])
    for question, expected in (
        ({"name": "廣州南方"}, 1),
        ({"name": "gznf"}, 1),
        ({"name": "guangzhou"}, 2),
        ({"name": "——"}, 0),
        ({"phone": "(020) 3888 1234"}, 1),
        ({"person": "陈小明", "name": "南方"}, 1),
        ({"person": "陈小明", "name": "北方"}, 0),
        ({"code": "C-1"}, 0),
    ):
        rows = rows_of(await exported(asking, **question))
        listed = await asking(cast.CITY_DIRECTOR).get("/v1/customers", params=question)
        assert len(rows) == len(listed.json()["items"]) == expected, question
        assert {row["客户键"] for row in rows} == {
            each["customer_key"] for each in listed.json()["items"]
        }
    refused = await exported(asking, phone="王先生")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-a-contact")
    filters = [details["filters"] for _, _, details in log_of(database)]
    assert {"phone": True} in filters and {"person": True, "name": "南方"} in filters


async def test_x11_x08_an_export_is_logged_with_its_purpose_before_it_begins(
    asking: Asking, approve: Declare, database: str
) -> None:
    await approve()
    rows_of(await exported(asking, owner_unit="GZ"))
    ((staff, purpose, details),) = log_of(database)
    assert (staff, purpose) == ("G001", PURPOSE)
    assert details == {
        "what": "customers",
        "format": "csv",
        "rows": 1,
        "filters": {"owner_unit": "GZ"},
        "policy_version": 1,
    }


async def test_x11_without_permission_or_purpose_nothing_is_exported_nor_logged(
    asking: Asking, approve: Declare, database: str
) -> None:
    await approve()
    for person, problem in (
        (cast.TELEPHONE, "/problems/role-missing"),
        (cast.AUDITOR, "/problems/not-an-exporter"),
        (cast.CITY_ADMINISTRATOR, "/problems/not-an-exporter"),
    ):
        answer = await exported(asking, person)
        assert (answer.status_code, answer.json()["type"]) == (403, problem)
    for purpose in ("", "   "):
        assert (await exported(asking, purpose=purpose)).status_code == 422
    missing = await asking(cast.CITY_DIRECTOR).get("/v1/customers/export")
    assert missing.status_code == 422
    assert log_of(database) == []


async def test_x11_who_left_in_the_middle_gets_no_further_page(
    asking: Asking, approve: Declare, database: str
) -> None:
    """Nor a file that looks whole: the connection breaks off."""
    await approve()
    client = asking(cast.CITY_DIRECTOR)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            with psycopg.connect(database) as connection:
                connection.execute("DELETE FROM kit.staff_states WHERE staff_code = 'G001'")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": "/v1/customers/export",
        "query_string": b"purpose=report",
        "headers": [(b"authorization", client.headers["authorization"].encode())],
        "app": asking.app,
    }
    with pytest.raises(RuntimeError, match="response already started"):
        await asking.app(scope, receive, send)
    assert [message.get("more_body") for message in sent] == [None, True]
    assert "广州南方机械有限公司" not in sent[1]["body"].decode(), "the head alone"
