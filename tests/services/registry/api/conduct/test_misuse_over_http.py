"""R-77 over HTTP: reported by a colleague, inquired into, decided, closed; seen by few."""

from __future__ import annotations

import httpx
import psycopg
import pytest

from tests.services.registry.api.conftest import Json, seen
from tests.support import cast
from tests.support.http import Asking

REPORT = {
    "subject_staff_code": cast.MANAGER_B.code,
    "kind": "leak",
    "occurred_on": "2026-02-20",
    "statement": "把客户名单发给了外单位",
    "on": "2026-03-02",
}
PATH = "/v1/misuse-cases"


async def stepped(client: httpx.AsyncClient, case: Json, step: str, **body: object) -> Json:
    said = {"note": "按规定办理", **body}
    path = f"{PATH}/{case['case_id']}/{step}"
    answer = await client.post(path, json=said, headers=seen(case))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def case(asking: Asking) -> Json:
    answer = await asking(cast.MANAGER_A).post(PATH, json=REPORT)
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"case_id", "kind", "occurred_on", "reported_on", "state"}
    found: Json = (await asking(cast.AUDITOR).get(f"{PATH}/{answer.json()['case_id']}")).json()
    return found


async def test_r77_a_case_is_inquired_into_decided_and_closed_with_its_whole_way_kept(
    asking: Asking, case: Json, database: str
) -> None:
    auditor = asking(cast.AUDITOR)
    assert (case["state"], case["subject_unit"], case["version"]) == ("reported", "GZ", 1)
    case = await stepped(auditor, case, "inquire")
    case = await stepped(auditor, case, "decide", grade="severe", penalties=["demerit"])
    assert (case["state"], case["grade"], case["penalties"]) == ("decided", "severe", ["demerit"])
    case = await stepped(auditor, case, "close")
    steps = (await auditor.get(f"{PATH}/{case['case_id']}/steps")).json()["items"]
    assert [(each["state"], each["by"]) for each in steps] == [
        ("reported", None),
        *((state, "P003") for state in ("under-inquiry", "decided", "closed")),
    ]
    assert {each["policy_version"] for each in steps} == {1}
    with (
        psycopg.connect(database) as connection,
        pytest.raises(psycopg.Error, match="only ever added"),
    ):
        connection.execute("DELETE FROM misuse_steps")


async def test_r77_penalties_and_stages_outside_the_rules_are_refused(
    asking: Asking, case: Json
) -> None:
    auditor = asking(cast.AUDITOR)
    path = f"{PATH}/{case['case_id']}/decide"
    body = {"note": "决定", "grade": "light", "penalties": ["warning"]}
    early = await auditor.post(path, json=body, headers=seen(case))
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-misuse-stage")
    case = await stepped(auditor, case, "inquire")
    wrong = {**body, "penalties": ["dismissal"]}
    refused = await auditor.post(path, json=wrong, headers=seen(case))
    assert refused.json()["type"] == "/problems/penalty-not-in-catalogue"
    stale = await auditor.post(path, json=body, headers=seen(1))
    assert stale.status_code == 412


async def test_r77_who_reported_is_shown_to_few_and_every_look_is_logged(
    asking: Asking, case: Json, database: str
) -> None:
    path = f"{PATH}/{case['case_id']}/reporter"
    auditor, director = asking(cast.AUDITOR), asking(cast.CITY_DIRECTOR)
    assert (await auditor.get(path)).status_code == 422
    shown = await auditor.get(path, params={"purpose": "核实举报"})
    assert shown.json()["staff_code"] == cast.MANAGER_A.code
    assert (await director.get(f"{PATH}/{case['case_id']}")).status_code == 200
    refused = await director.get(path, params={"purpose": "想知道"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-an-inquirer")
    everything = (await director.get(f"{PATH}/{case['case_id']}/steps")).text
    assert cast.MANAGER_A.code not in everything
    with psycopg.connect(database) as connection:
        looks = connection.execute(
            "SELECT staff_code, purpose, details->>'case_id' FROM archive_audit"
            " WHERE item = 'misuse-reporter'"
        ).fetchall()
        sealed = connection.execute("SELECT sealed FROM misuse_reporters").fetchone()
        readable = connection.execute(
            "SELECT has_table_privilege('dakehu_reader', 'misuse_reporters', 'SELECT')"
        ).fetchone()
    assert looks == [("P003", "核实举报", case["case_id"])]
    assert sealed is not None
    assert cast.MANAGER_A.code.encode() not in sealed[0]
    assert readable == (False,)


async def test_r77_a_colleague_follows_the_own_reports_and_learns_no_more(
    asking: Asking, case: Json
) -> None:
    mine = (await asking(cast.MANAGER_A).get(f"{PATH}/reported")).json()["items"]
    assert [(each["case_id"], each["state"]) for each in mine] == [(case["case_id"], "reported")]
    assert (await asking(cast.MANAGER_B).get(f"{PATH}/reported")).json()["items"] == []
    assert (await asking(cast.MANAGER_A).get(PATH)).status_code == 403


async def test_r77_the_subject_and_other_units_see_nothing_and_reporters_handle_nothing(
    asking: Asking,
) -> None:
    about_director = {**REPORT, "subject_staff_code": cast.CITY_DIRECTOR.code}
    answer = await asking(cast.AUDITOR).post(PATH, json=about_director)
    case_id = answer.json()["case_id"]
    for person in (cast.CITY_DIRECTOR, cast.OTHER_CITY_DIRECTOR):
        client = asking(person)
        assert (await client.get(f"{PATH}/{case_id}")).status_code == 404
        assert (await client.get(PATH)).json()["items"] == []
        step = await client.post(
            f"{PATH}/{case_id}/inquire", json={"note": "办理"}, headers=seen(1)
        )
        assert step.status_code == 404
    own = await asking(cast.AUDITOR).post(
        f"{PATH}/{case_id}/inquire", json={"note": "办理"}, headers=seen(1)
    )
    assert (own.status_code, own.json()["type"]) == (403, "/problems/not-impartial")
    province = await asking(cast.PROVINCE_DIRECTOR).post(
        f"{PATH}/{case_id}/inquire", json={"note": "办理"}, headers=seen(1)
    )
    assert province.status_code == 200, province.text


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "gossip"}, "unknown-misuse"),
        ({"subject_staff_code": "NOBODY"}, "staff-not-on-duty"),
        ({"occurred_on": "2026-03-03"}, "invalid"),
        ({"on": "2030-01-01"}, "in-the-future"),
    ],
)
async def test_r77_a_report_that_cannot_be_is_refused(
    asking: Asking, change: Json, problem: str
) -> None:
    answer = await asking(cast.MANAGER_A).post(PATH, json={**REPORT, **change})
    assert answer.json()["type"] == f"/problems/{problem}"
