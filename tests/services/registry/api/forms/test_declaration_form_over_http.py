"""X-05: form 6 of 001, what was declared, with its place in the chain, as PDF and as XLSX."""

from __future__ import annotations

import psycopg
import pytest

from tests.services.registry.api.conftest import Declare, propose, seen
from tests.services.registry.api.forms.test_forms_over_http import printed
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of


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
