"""X-05: form 1 of 001, as PDF and as XLSX, within the scope of who prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import httpx
import psycopg

from services.registry.handlers.people import follow_tiers
from shared.contracts.envelope import Entity
from shared.contracts.tiering import ScoreRecorded
from shared.identifiers import derived_id
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.support import cast
from tests.support.facts import published
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCHEME = "guangdong-post-2005"


def grade(database: str, customer: Json, *tiers: tuple[str | None, str]) -> None:
    """What tiering decided about the customer: (tier, day) from version 1 on."""
    with psycopg.connect(database) as connection:
        for version, (tier, day) in enumerate(tiers, 1):
            connection.execute(
                "INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)"
                " VALUES (%s, %s, %s, %s, %s)",
                (customer["customer_key"], SCHEME, version, tier, day),
            )


def score(customer: Json, shown: str, cut_off: str) -> ScoreRecorded:
    """What tiering counted of the customer up to a day."""
    score_id = derived_id("score", customer["customer_key"], cut_off)
    return ScoreRecorded(
        entity=Entity(type="score", id=str(score_id), version=1),
        customer_key=UUID(customer["customer_key"]),
        as_of=date(2026, 1, 15),
        score_id=score_id,
        scheme=SCHEME,
        scheme_version=1,
        period=cut_off[:4],
        cut_off=date.fromisoformat(cut_off),
        measures=(),
        factors=(),
        raw=Decimal(shown),
        shown=Decimal(shown),
    )


async def printed(client: httpx.AsyncClient, path: str, **question: str) -> httpx.Response:
    """The form at `path`, which has to be there."""
    answer = await client.get(f"/v1/forms/{path}", params=question)
    assert answer.status_code == 200, answer.text
    return answer


async def test_x05_r35_customers_stand_in_the_order_of_their_tier(
    asking: Asking, approve: Declare, named: str
) -> None:
    """Form 1: best tier first, then by name; who has none stands last."""
    for name, tiers in (
        ("甲公司", [("silver", "2026-01-01")]),
        ("乙公司", []),
        ("丙公司", [("diamond", "2026-01-01"), ("gold", "2026-03-16")]),
        ("丁公司", [("gold", "2026-01-01"), ("diamond", "2026-03-17")]),
        ("戊公司", [("diamond", "2026-01-01"), (None, "2026-03-01")]),
    ):
        grade(named, await approve(customer={"name": name}), *tiers)
    answer = await printed(asking(cast.CITY_DIRECTOR), "classification", format="xlsx")
    cells = cells_of(answer.content)
    places = [cells.index(name) for name in ("丁公司", "丙公司", "甲公司", "乙公司", "戊公司")]
    assert places == sorted(places)
    assert [cells[place + 1] for place in places] == [
        *("黄金客户", "黄金客户", "白银客户", "未定级", "未定级")
    ]
    summary = {label: cells[cells.index(label) + 1] for label in ("钻石客户", "合计")}
    assert summary == {"钻石客户": "0", "合计": "5"}


async def test_x05_r35_customers_of_one_tier_stand_in_the_order_of_their_newest_score(
    asking: Asking, approve: Declare, named: str, process: Runtime
) -> None:
    """Form 1 shows the score; an older one that comes late changes nothing, nor a repetition."""
    given: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("甲公司", [("71.50", "2025-12-31"), ("64.20", "2025-11-30")]),
        ("乙公司", []),
        ("丙公司", [("60.00", "2025-11-30"), ("83.07", "2025-12-31"), ("83.07", "2025-12-31")]),
    )
    for name, scores in given:
        customer = await approve(customer={"name": name})
        grade(named, customer, ("silver", "2026-01-01"))
        for shown, day in scores:
            async with process.works.begin() as work:
                await follow_tiers.scored(work, [published(score(customer, shown, day))])
    answer = await printed(asking(cast.CITY_DIRECTOR), "classification", format="xlsx")
    cells = cells_of(answer.content)
    places = [cells.index(name) for name in ("丙公司", "甲公司", "乙公司")]
    assert places == sorted(places)
    assert [cells[place + 2] for place in places[:2]] == ["83.07", "71.5"]


async def test_x05_the_classification_names_the_managers_and_marks_who_leads(
    asking: Asking, approve: Declare, named: str
) -> None:
    key = (await approve())["customer_key"]
    city = asking(cast.CITY_DIRECTOR)
    answer = await city.post(
        f"/v1/customers/{key}/managers/assign",
        json={"a_staff_code": "G004", "b_staff_code": "T001", "on": "2026-01-12"},
        headers=seen(0),
    )
    assert answer.status_code == 200
    cells = cells_of((await printed(city, "classification", format="xlsx")).content)
    assert {"*G004 李明", "T001 曾辉", "广州市天河区邮政局大客户中心"} <= set(cells)
    county = await printed(asking(cast.COUNTY_DIRECTOR), "classification", format="xlsx")
    assert "*G004" in cells_of(county.content), "the county does not see names of the city"


async def test_x05_a_pdf_of_the_classification_says_where_and_by_whom(
    asking: Asking, approve: Declare, named: str
) -> None:
    await approve()
    answer = await printed(asking(cast.CITY_DIRECTOR), "classification")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(answer.content))
    text = text_of(answer.content)
    for expected in (
        *("大客户分类排序表", "表1", "广州南方机械有限公司", "打印：G001陈志强"),
        *("广东省邮政局大客户中心", "GZ广州市邮政局大客户中心", "版式为本系统设计"),
    ):
        assert expected in text


async def test_x05_a_file_has_a_chinese_name(asking: Asking, approve: Declare) -> None:
    await approve()
    answer = await printed(asking(cast.CITY_DIRECTOR), "classification", format="xlsx")
    assert answer.headers["content-type"] == XLSX
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="________-GZ-2026-03-16.xlsx"; ')
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == (
        "大客户分类排序表-GZ-2026-03-16.xlsx"
    )


async def test_x05_the_classification_keeps_to_the_scope_of_who_prints(
    asking: Asking, approve: Declare
) -> None:
    await approve()
    city, elsewhere = asking(cast.CITY_DIRECTOR), asking(cast.OTHER_CITY_DIRECTOR)
    empty = await printed(elsewhere, "classification", format="xlsx")
    assert "广州南方机械有限公司" not in cells_of(empty.content)
    assert "（无）" in cells_of(empty.content)
    for unit, status in (("GZ-TH", 200), ("GZ-PY", 200), ("SZ", 403), ("GD", 403), ("XX", 403)):
        answer = await city.get("/v1/forms/classification", params={"unit": unit})
        assert answer.status_code == status, unit
    assert (await asking(cast.TELEPHONE).get("/v1/forms/classification")).status_code == 403


async def test_x05_an_unknown_scheme_or_format_is_refused(asking: Asking) -> None:
    city = asking(cast.CITY_DIRECTOR)
    answer = await city.get("/v1/forms/classification", params={"scheme": "retail-members"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-scheme")
    assert answer.json()["facts"]["known"] == [SCHEME]
    answer = await city.get("/v1/forms/classification", params={"format": "docx"})
    assert answer.status_code == 422
