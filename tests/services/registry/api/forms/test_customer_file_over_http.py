"""X-05, form 2: the customer's file on paper, masked as on the screen and logged (R-61, R-70)."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import psycopg
import pytest

from services.registry.api.forms.archive_words import LABELS, WORDS
from services.registry.domain.archive.parts.extended import LifecycleStage
from services.registry.domain.archive.parts.key_people import Influence, Relation
from tests.services.registry.api.archive.conftest import BASIC, written
from tests.services.registry.api.conftest import Declare
from tests.support import cast
from tests.support.http import Asking
from tests.support.printed import cells_of, text_of

PURPOSE = {"purpose": "年度走访准备"}
PEOPLE = {
    "people": [
        {
            "person_id": "1",
            "name": "王小明",
            "influence": "decides",
            "relation": "friendly",
            "phone": "13800135678",
            "born_on": "1970-05-01",
        }
    ],
    "steps": [{"what": "采购委员会审议", "participants": ["1"]}],
}


@pytest.mark.parametrize("part", LABELS)
def test_r61_every_field_of_the_archive_has_its_label(part: type) -> None:
    assert list(LABELS[part]) == [field.name for field in fields(part)]
    assert len(set(LABELS[part].values())) == len(LABELS[part])


@pytest.mark.parametrize("word", [*Influence, *Relation, *LifecycleStage])
def test_r64_every_word_of_a_choice_has_its_name(word: Any) -> None:
    assert WORDS[word]


@pytest.fixture
async def key(asking: Asking, approve: Declare) -> str:
    """A customer of Tianhe with a basic part and key people."""
    found: str = (await approve())["customer_key"]
    await written(asking, found, "basic", BASIC)
    await written(asking, found, "key-people", PEOPLE)
    return found


async def test_x05_the_owner_prints_the_four_parts(asking: Asking, key: str) -> None:
    county = asking(cast.COUNTY_MANAGER)
    path = f"/v1/forms/customers/{key}"
    shown = await county.get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    answer = await county.get(path, params={**PURPOSE, "format": "xlsx"})
    assert answer.status_code == 200, answer.text
    cells = cells_of(answer.content)
    phone = shown.json()["content"]["phone"]
    assert cells[cells.index("电话") + 1] == phone, "as on the screen"
    for expected in ("广州市天河区天河路1号", "采购委员会审议", "决策", "友好", "尚未建立"):
        assert expected in cells, expected
    text = text_of((await county.get(path, params=PURPOSE)).content)
    for expected in ("客户档案", "表2", "查阅用途：年度走访准备", "二、基本信息（第1版"):
        assert expected in text, expected


async def test_x05_r70_without_permission_the_form_is_masked_as_the_screen(
    asking: Asking, key: str
) -> None:
    province = asking(cast.PROVINCE_DIRECTOR)
    shown = await province.get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    assert shown.json()["is_masked"]
    answer = await province.get(f"/v1/forms/customers/{key}", params={**PURPOSE, "format": "xlsx"})
    cells = cells_of(answer.content)
    assert cells[cells.index("电话") + 1] == shown.json()["content"]["phone"] == "138****5678"
    joined = "\n".join(cells)
    for secret in ("13800135678", "王小明", "wang@example.cn", "1970"):
        assert secret not in joined, secret
    assert "须经查阅许可" in joined


async def test_x05_x08_printing_a_file_is_logged_as_an_export(
    asking: Asking, key: str, database: str
) -> None:
    answer = await asking(cast.PROVINCE_DIRECTOR).get(f"/v1/forms/customers/{key}", params=PURPOSE)
    assert answer.status_code == 200
    with psycopg.connect(database) as connection:
        logged = connection.execute(
            "SELECT section, staff_code, purpose, permission FROM archive_audit"
            " WHERE action = 'export' ORDER BY section"
        ).fetchall()
    assert [row[0] for row in logged] == ["basic", "competitors", "extended", "key-people"]
    assert {row[1:] for row in logged} == {("P002", "年度走访准备", "none")}


async def test_x05_r73_a_file_is_not_printed_without_purpose_or_out_of_sight(
    asking: Asking, key: str
) -> None:
    path = f"/v1/forms/customers/{key}"
    assert (await asking(cast.COUNTY_MANAGER).get(path)).status_code == 422
    answer = await asking(cast.OTHER_CITY_DIRECTOR).get(path, params=PURPOSE)
    assert answer.status_code in (403, 404)
