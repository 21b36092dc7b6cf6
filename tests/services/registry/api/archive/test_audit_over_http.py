"""The log of archives over HTTP: every read and change, exported, verified (X-08)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import psycopg

from tests.services.registry.api.archive.conftest import BASIC, PURPOSE, File, written
from tests.services.registry.api.conftest import Json
from tests.support import cast
from tests.support.http import Asking


async def log(asking: Asking, **asked: str) -> list[Json]:
    """The entries as the auditor sees them, the newest first."""
    answer = await asking(cast.AUDITOR).get("/v1/archive-audit", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    return found


async def verified(asking: Asking, noted: Sequence[str] = ()) -> Json:
    """What the verification says."""
    answer = await asking(cast.AUDITOR).get(
        "/v1/archive-audit/verification", params={"noted": list(noted)}
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_x08_every_read_and_change_is_logged_with_part_version_purpose_and_permission(
    asking: Asking, file: File
) -> None:
    key = await file()
    for who in (cast.MANAGER_A, cast.PROVINCE_DIRECTOR):
        await asking(who).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    masked, whole, change = await log(asking, customer_key=key)
    assert (whole["action"], whole["staff_code"], whole["unit"]) == ("read", "G004", "GZ")
    assert (whole["section"], whole["part_version"]) == ("basic", 1)
    assert (whole["purpose"], whole["permission"]) == ("年度走访准备", "standing:manager")
    assert (masked["staff_code"], masked["permission"]) == ("P002", "none")
    assert (change["action"], change["staff_code"]) == ("write", "T001")
    assert change["part_version"] == 1
    assert [each["action"] for each in await log(asking, action="read-log")] == ["read-log"]


async def test_x08_the_log_is_for_auditors_who_see_the_customer(
    asking: Asking, file: File, database: str
) -> None:
    key = await file()
    for path in ("", "/export", "/verification"):
        answer = await asking(cast.CITY_DIRECTOR).get(f"/v1/archive-audit{path}")
        assert answer.json()["type"] == "/problems/role-missing"
    stranger = cast.Person("S009", "外市", "SZ", ("auditor",))
    with psycopg.connect(database) as server:
        server.execute(
            "INSERT INTO kit.staff_states (staff_code, version, effective_on, unit, roles, state)"
            " VALUES ('S009', 1, '2020-01-01', 'SZ', '{auditor}', 'active')"
        )
    answer = await asking(stranger).get("/v1/archive-audit", params={"customer_key": key})
    assert answer.json()["items"] == []


async def test_x08_the_log_is_exported_as_csv_and_json_lines(asking: Asking, file: File) -> None:
    key = await file()
    await asking(cast.MANAGER_A).get(
        f"/v1/archives/{key}/parts/basic", params={"purpose": "=1+1 核对"}
    )
    asked = {"customer_key": key}
    as_csv = await asking(cast.AUDITOR).get("/v1/archive-audit/export", params=asked)
    rows = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert [row["action"] for row in rows[:2]] == ["write", "read"]
    assert rows[1]["purpose"] == "'=1+1 核对", "no spreadsheet carries it out"
    as_lines = await asking(cast.AUDITOR).get(
        "/v1/archive-audit/export", params={**asked, "format": "jsonl", "from_on": "2026-03-16"}
    )
    lines = [json.loads(line) for line in as_lines.text.splitlines()]
    assert [line["action"] for line in lines] == ["write", "read", "read-log"]
    assert "attachment" in as_lines.headers["content-disposition"]
    before = await asking(cast.AUDITOR).get(
        "/v1/archive-audit/export", params={**asked, "format": "jsonl", "to_on": "2026-03-15"}
    )
    assert before.text == ""


async def test_x08_the_verification_says_how_far_the_log_is_sealed(
    asking: Asking, file: File
) -> None:
    key = await file()
    await written(asking, key, "basic", {**BASIC, "size": "大型"}, 1)
    report = await verified(asking)
    assert (report["is_intact"], report["sealed"], report["unsealed"]) == (True, 2, 0)
    await asking(cast.MANAGER_A).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    later = await verified(asking, [report["head"]])
    assert (later["is_intact"], later["sealed"]) == (True, 3)
    other = "2:" + "0" * 64
    rewritten = await verified(asking, [other])
    assert rewritten["is_intact"] is False
    assert rewritten["faults"][0]["position"] == 2


async def test_c6_the_policy_shows_its_inversion_and_an_administrator_may_change_it(
    asking: Asking,
) -> None:
    months = {"vip": 1, "gold": 2, "platinum": 3}
    rhythm = {"scheme": "city-post-2012", "tiers": ["platinum", "gold", "vip"], "months": months}
    body = {"effective_on": "2026-03-16", "body": {"schemes": [rhythm]}, "reason": "照原文"}
    administrator = asking(cast.PROVINCE_ADMINISTRATOR)
    recorded = (await administrator.post("/v1/policies/archive-freshness", json=body)).json()
    assert [each["rule"] for each in recorded["advice"]] == ["C6", "C6"]
    shown = (await administrator.get("/v1/policies/archive-freshness")).json()
    assert shown["advice"][0]["code"] == "inverted-rhythm"
    body["body"] = {"schemes": [{**rhythm, "months": {"vip": 3, "gold": 2, "platinum": 1}}]}
    corrected = (await administrator.post("/v1/policies/archive-freshness", json=body)).json()
    assert (corrected["advice"], corrected["version"]) == ([], recorded["version"] + 1)
