"""X-05: forms 1 and 6 of 001, as PDF and as XLSX, within the scope of who prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import httpx
import psycopg
import pytest

from services.registry.handlers.people import follow_tiers
from shared.contracts.envelope import Entity
from shared.contracts.tiering import ScoreRecorded
from shared.identifiers import derived_id
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, propose, seen
from tests.support import cast
from tests.support.facts import published
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCHEME = "guangdong-post-2005"


@pytest.fixture
def named(database: str) -> str:
    """The database, in which the people of the cast have their names."""
    with psycopg.connect(database) as connection:
        for person in cast.STAFF:
            connection.execute(
                "INSERT INTO staff_states (staff_code, version, effective_on, name, unit, roles,"
                " state, recorded_at) SELECT staff_code, version + 1, effective_on, %s, unit,"
                " roles, state, recorded_at FROM staff_states WHERE staff_code = %s",
                (person.name, person.code),
            )
    return database


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


async def test_x05_r21_a_declaration_prints_what_was_declared_and_its_place_in_the_chain(
    asking: Asking, declare: Declare, named: str
) -> None:
    """Form 6: an amendment later changes nothing of it."""
    declared = await declare(customer={"industry": "机械制造"}, joint_units=["GZ-PY"])
    declaration = await propose(asking, declared)
    city = asking(cast.CITY_DIRECTOR)
    decided = await city.post(
        f"/v1/declarations/{declaration['declaration_id']}/approve",
        json={"on": "2026-01-12"},
        headers=seen(declaration),
    )
    assert decided.status_code == 200, decided.text
    entries = decided.json()["chain"]
    customer = (await city.get(f"/v1/customers/{declaration['customer_key']}")).json()
    amended = await city.patch(
        f"/v1/customers/{declaration['customer_key']}",
        json={"industry": "纺织"},
        headers=seen(customer),
    )
    assert amended.status_code == 200, amended.text
    path = f"declarations/{declaration['declaration_id']}"
    text = text_of((await printed(city, path)).content)
    for expected in (
        *("大客户注册申报登记表", "机械制造", "440106天河区", "T001曾辉", "2026-01-05"),
        *("GZ-TH广州市天河区邮政局大客户中心", "GZ-PY广州市番禺区邮政局大客户中心"),
        *("G001陈志强", "2026-01-12", "核准"),
        *(entry["hash"] for entry in entries),
    ):
        assert expected in text, expected
    assert "纺织" not in text
    cells = cells_of((await printed(city, path, format="xlsx")).content)
    assert {entry["hash"] for entry in entries} <= set(cells)
    assert cells[cells.index("客户名称") + 1] == "广州南方机械有限公司"


ALTERED = {
    "no JSON at all": "UPDATE declaration_chain SET payload = 'torn' WHERE sequence = 1",
    "no object": "UPDATE declaration_chain SET payload = '[]' WHERE sequence = 1",
    "another name": "UPDATE declaration_chain SET payload = replace(payload, '南方', '北方')",
    "a moved time": "UPDATE declaration_chain SET recorded_at = recorded_at - interval '1 day'",
    "nothing left": "DELETE FROM declaration_chain",
    "the submission gone": "DELETE FROM declaration_chain WHERE sequence = 1",
}


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED.keys())
async def test_x05_r21_an_altered_declaration_is_not_printed_and_the_check_is_named(
    asking: Asking, declare: Declare, database: str, change: str
) -> None:
    """R-21: paper with a seal over altered evidence would be worse than no paper."""
    declaration = await propose(asking, await declare())
    with psycopg.connect(database) as server:
        server.execute("ALTER TABLE declaration_chain DISABLE TRIGGER only_ever_added")
        server.execute(change)
    answer = await asking(cast.CITY_DIRECTOR).get(
        f"/v1/forms/declarations/{declaration['declaration_id']}"
    )
    assert answer.status_code == 409, answer.text
    assert answer.json()["type"] == "/problems/altered-chain-entry"
    assert "python -m services.registry verify declarations" in answer.json()["detail"]


async def test_x05_r09_r26_a_declaration_prints_the_proposal_the_documents_and_who_develops(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    path = f"/v1/declarations/{declaration['declaration_id']}"
    proposed = await asking(cast.CITY_ADMINISTRATOR).post(
        f"{path}/propose",
        json={"development_unit": "GZ-PY", "reason": "客户主要厂区在番禺"},
        headers=seen(declaration),
    )
    assert proposed.status_code == 200, proposed.text
    registered = await asking(cast.COUNTY_MANAGER).post(
        f"/v1/customers/{declaration['customer_key']}/documents",
        json={
            "kind": "licence",
            "kept_at": "天河中心3号柜",
            "number": "91440106MA5",
            "on": "2026-01-06",
        },
    )
    assert registered.status_code == 201, registered.text
    city = asking(cast.CITY_DIRECTOR)
    form = f"declarations/{declaration['declaration_id']}"
    cells = cells_of((await printed(city, form, format="xlsx")).content)
    assert "待核准" in cells
    assert cells[cells.index("客户主要厂区在番禺") - 3] == "GZ-PY 广州市番禺区邮政局大客户中心"
    assert cells[cells.index("天河中心3号柜") + 1] == "T001"
    assert "91440106MA5" not in cells, "of the number the last signs alone, as on the screen"
    approved = await city.post(
        f"{path}/approve", json={"on": "2026-01-12"}, headers=seen(proposed.json())
    )
    assert approved.status_code == 200, approved.text
    cells = cells_of((await printed(city, form, format="xlsx")).content)
    assert cells[cells.index("核定开发单位") + 1] == "GZ-PY 广州市番禺区邮政局大客户中心"
    assert cells[cells.index("申报的开发单位") + 1] == "GZ-TH 广州市天河区邮政局大客户中心"
    assert {"申报", "初步界定", "核准"} <= set(cells)


async def test_x05_a_name_in_markup_prints_as_it_is(asking: Asking, declare: Declare) -> None:
    name = "=1+1 #strong[广州] *南方* $x$ <a> @b"
    declaration = await declare(customer={"name": name})
    path = f"declarations/{declaration['declaration_id']}"
    county = asking(cast.COUNTY_MANAGER)
    assert name.replace(" ", "") in text_of((await printed(county, path)).content)
    assert name in cells_of((await printed(county, path, format="xlsx")).content)


async def test_x05_a_declaration_out_of_sight_is_not_printed(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    path = f"/v1/forms/declarations/{declaration['declaration_id']}"
    answer = await asking(cast.OTHER_CITY_DIRECTOR).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
