"""R-70, R-73, X-08: whoever is refused a look at an archive stands in the log all the same."""

from __future__ import annotations

import psycopg
import pytest

from tests.services.registry.api.archive.conftest import PURPOSE, File
from tests.services.registry.api.archive.test_audit_over_http import log, verified
from tests.services.registry.api.conftest import Json
from tests.support import cast
from tests.support.http import Asking

READS = (
    "/v1/archives/{key}/parts/basic",
    "/v1/archives/{key}/parts/key-people",
    "/v1/archives/{key}/journal",
    "/v1/archives/{key}/annual",
    "/v1/archives/{key}/company",
    "/v1/archives/{key}/contact-ways",
    "/v1/archives/{key}/main-contacts",
    "/v1/forms/customers/{key}",
)


async def refused(asking: Asking, **asked: str) -> list[Json]:
    """What the log says of refused looks, the newest first."""
    return await log(asking, action="refused-read", **asked)


@pytest.mark.parametrize("path", READS)
async def test_r70_a_look_without_sight_is_refused_and_logged(
    asking: Asking, file: File, path: str
) -> None:
    """R-70, X-08: the refusal undoes the read, never the entry about it."""
    key = await file()
    answer = await asking(cast.OTHER_CITY_MANAGER).get(path.format(key=key), params=PURPOSE)
    assert answer.status_code == 403, answer.text
    (entry,) = await refused(asking, customer_key=key)
    assert (entry["staff_code"], entry["unit"]) == (
        cast.OTHER_CITY_MANAGER.code,
        cast.OTHER_CITY_MANAGER.unit,
    )
    assert (entry["purpose"], entry["permission"]) == ("年度走访准备", "refused")
    assert entry["details"]["why"] == answer.json()["type"].removeprefix("/problems/")
    assert entry["details"]["route"].replace("{customer_key}", "{key}") == path


@pytest.mark.parametrize("path", READS)
async def test_r73_a_look_without_a_purpose_is_refused_and_logged(
    asking: Asking, file: File, path: str
) -> None:
    """R-73: even the manager, who may read, reads for nothing that he does not say."""
    key = await file()
    for asked in ({}, {"purpose": ""}, {"purpose": "  "}):
        answer = await asking(cast.MANAGER_A).get(path.format(key=key), params=asked)
        assert answer.status_code == 422, answer.text
    entries = await refused(asking, customer_key=key)
    assert [entry["details"]["why"] for entry in entries] == ["invalid-input"] * 3
    assert {entry["staff_code"] for entry in entries} == {cast.MANAGER_A.code}


async def test_x08_a_granted_look_leaves_no_refusal(asking: Asking, file: File) -> None:
    """X-08, the other side: one look, one entry."""
    key = await file()
    answer = await asking(cast.MANAGER_A).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    assert answer.status_code == 200
    assert await refused(asking) == []
    assert [each["action"] for each in await log(asking, customer_key=key)] == ["read", "write"]


async def test_x08_a_role_that_is_missing_and_somebody_who_left_are_logged_too(
    asking: Asking, file: File, database: str
) -> None:
    """X-08, R-52: the log itself, an export, and a leaver whose token is still good."""
    key = await file()
    await asking(cast.CITY_DIRECTOR).get("/v1/archive-audit")
    await asking(cast.MANAGER_A).get("/v1/duplicates/questions")
    with psycopg.connect(database) as server:
        server.execute("UPDATE kit.staff_states SET state = 'left' WHERE staff_code = 'G005'")
    gone = await asking(cast.MANAGER_B).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    assert gone.status_code in (401, 403), gone.text
    leaver, questions, the_log = await refused(asking)
    assert (leaver["staff_code"], leaver["customer_key"]) == (cast.MANAGER_B.code, key)
    assert questions["details"]["why"] == the_log["details"]["why"] == "role-missing"
    assert the_log["staff_code"] == cast.CITY_DIRECTOR.code


async def test_x08_strange_words_are_kept_as_far_as_they_can_be(asking: Asking) -> None:
    """X-08: nobody keeps out of the log by asking for what cannot be written down."""
    answer = await asking(cast.MANAGER_A).get(
        "/v1/archives/%00not-a-key/parts/basic", params={"purpose": "x" * 5000 + "\x00"}
    )
    assert answer.status_code in (404, 422)
    (entry,) = await refused(asking)
    assert entry["customer_key"] is None
    assert len(entry["purpose"]) == 200


async def test_x08_refusals_stand_in_the_sealed_chain(
    asking: Asking, file: File, database: str
) -> None:
    """X-08: a refusal that somebody takes out of the log is missed."""
    key = await file()
    await asking(cast.OTHER_CITY_MANAGER).get(f"/v1/archives/{key}/parts/basic", params=PURPOSE)
    assert (await verified(asking))["is_intact"]
    with psycopg.connect(database) as server:
        server.execute("ALTER TABLE archive_audit DISABLE TRIGGER only_ever_added")
        server.execute("DELETE FROM archive_audit WHERE action = 'refused-read'")
    assert not (await verified(asking))["is_intact"]
