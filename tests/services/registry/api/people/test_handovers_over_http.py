"""R-50, R-52, X-11: departures, checklists, rotations and bulk reassignment over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.registry.app import SERVICE
from shared.clock import Clock
from shared.contracts import billing, engagement
from shared.contracts.enterprise import StaffLeft
from shared.contracts.envelope import Entity, MovedWork
from shared.messaging.cloudevents import Fact
from shared.service import runtime
from shared.settings import Settings
from shared.sweeps import perform
from tests.services.registry.api.conftest import Declare, Json, seen
from tests.services.registry.api.people.conftest import Hear
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.facts import published, reported
from tests.support.http import Asking

A, B, OTHER = cast.MANAGER_A.code, cast.COUNTY_MANAGER.code, cast.MANAGER_B.code
DIRECTOR = cast.CITY_DIRECTOR


async def assigned(
    asking: Asking, approve: Declare, name: str, a: str = A, b: str | None = None
) -> str:
    """A customer with its managers; its key."""
    key: str = (await approve(customer={"name": name}))["customer_key"]
    body = {"a_staff_code": a, "b_staff_code": b, "on": "2026-01-12"}
    answer = await asking(DIRECTOR).post(
        f"/v1/customers/{key}/managers/assign", json=body, headers=seen(0)
    )
    assert answer.status_code == 200, answer.text
    return key


def left(staff_code: str) -> Fact[Any]:
    """The personnel system reports that somebody is gone since today."""
    said = StaffLeft(ref=f"left-{staff_code}", staff_code=staff_code, on=date(2026, 3, 16))
    return reported(said, system="hr")


def answered(kind: Any, handover: Json) -> Fact[Any]:
    """A service answers the version that is seen."""
    return published(
        kind(
            entity=Entity(
                type="handover-result", id=handover["handover_id"], version=handover["version"]
            ),
            handover_id=handover["handover_id"],
            handover_version=handover["version"],
            applied_on=date(2026, 3, 16),
            moved=(MovedWork(kind="complaints", count=1),),
        )
    )


async def read(asking: Asking, path: str, person: cast.Person = DIRECTOR) -> Json:
    """What `person` reads at `path`."""
    answer = await asking(person).get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_r52_a_departure_is_worked_off_to_the_end(
    asking: Asking, approve: Declare, hear: Hear
) -> None:
    pair = await assigned(asking, approve, "有副角的客户", b=B)
    alone = await assigned(asking, approve, "无副角的客户")
    leaver = asking(cast.MANAGER_A)
    assert (await leaver.get("/v1/customers")).status_code == 200
    await hear(left(A))
    assert (await leaver.get("/v1/customers")).status_code in (401, 403)

    (handover,) = (await read(asking, f"/v1/handovers?staff_code={A}"))["items"]
    assert (handover["reason"], handover["customers"]) == ("departure", 2)
    assert handover["missing"] == [
        *("successor", "customer-notified", "documents-returned", "engagement", "billing"),
    ]
    path = f"/v1/handovers/{handover['handover_id']}"
    lines = {
        line["customer_key"]: line for line in (await read(asking, f"{path}/customers"))["items"]
    }
    assert (lines[pair]["successor"], lines[pair]["named_by"]) == (B, None)
    assert lines[alone]["is_successor_missing"]
    assert all(line["is_unchanged"] and line["digest_before"] for line in lines.values())

    director = asking(DIRECTOR)
    named = await director.post(
        f"{path}/successors",
        json={"successors": [{"customer_key": alone, "successor": OTHER}]},
        headers=seen(handover),
    )
    assert (named.status_code, named.json()["version"]) == (200, 2)
    stale = await director.post(
        f"{path}/successors",
        json={"successors": [{"customer_key": alone, "successor": A}]},
        headers=seen(handover),
    )
    assert stale.status_code == 412
    for key in (pair, alone):
        told = await director.post(
            f"{path}/notifications", json={"customer_key": key, "on": "2026-03-16"}
        )
        assert told.status_code == 200, told.text
    foreign = await director.post(f"{path}/notifications", json={"customer_key": pair[::-1]})
    assert foreign.status_code in (404, 422)
    await asking(cast.SUPERVISOR).post(f"{path}/documents", json={"words": "资料两箱，已归档"})
    waiting = await read(asking, path)
    assert (waiting["state"], waiting["missing"]) == ("started", ["engagement", "billing"])
    await hear(answered(engagement.HandoverApplied, waiting))
    await hear(answered(billing.HandoverApplied, waiting))
    done = await read(asking, path)
    assert (done["state"], done["missing"]) == ("completed", [])
    assert [each["service"] for each in done["answers"]] == ["billing", "engagement"]
    history = (await read(asking, f"{path}/history"))["items"]
    assert [
        (each["version"], each["named_by"]) for each in history if each["customer_key"] == alone
    ] == [(1, None), (2, DIRECTOR.code)]
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get(path)
    assert stranger.status_code == 404


async def test_r52_an_overdue_hand_over_is_listed_with_what_is_missing(
    asking: Asking, approve: Declare, hear: Hear, settings: Settings, clock: SetClock
) -> None:
    await assigned(asking, approve, "客户")
    await hear(left(A))
    assert (await read(asking, "/v1/handovers?overdue=true"))["items"] == []
    clock.set(datetime(2026, 3, 24, 2, 0, tzinfo=UTC))
    await swept(settings, clock, date(2026, 3, 24))
    (late,) = (await read(asking, "/v1/handovers?overdue=true"))["items"]
    assert (late["due_on"], late["overdue_on"]) == ("2026-03-23", "2026-03-24")
    assert "successor" in late["missing"]


async def swept(settings: Settings, clock: Clock, until: date) -> None:
    """What falls due by `until`."""
    async with runtime(SERVICE, settings, "tests", clock) as process:
        await perform(process.works, SERVICE.sweeps, until, until)


async def test_r50_a_rotation_is_accepted_over_http(
    asking: Asking, approve: Declare, settings: Settings, clock: SetClock
) -> None:
    key = await assigned(asking, approve, "老客户", b=B)
    clock.set(datetime(2028, 1, 12, 2, 0, tzinfo=UTC))
    await swept(settings, clock, date(2028, 1, 12))
    (rotation,) = (await read(asking, "/v1/rotations?state=proposed"))["items"]
    assert (rotation["customer_key"], rotation["staff_code"]) == (key, A)
    path = f"/v1/rotations/{rotation['rotation_id']}"
    director = asking(DIRECTOR)
    later = await director.post(
        f"{path}/postpone",
        json={"until_on": "2028-02-01", "reason": "投标期间"},
        headers=seen(rotation),
    )
    assert (later.status_code, later.json()["state"]) == (200, "postponed")
    accepted = await director.post(
        f"{path}/accept", json={"successor": OTHER}, headers=seen(later.json())
    )
    assert accepted.status_code == 200, accepted.text
    found = accepted.json()
    assert (found["state"], found["bridge"], found["bridge_until"]) == ("accepted", B, "2028-03-31")
    assert [step["step"] for step in found["steps"]] == ["proposed", "postponed", "accepted"]
    managers = await read(asking, f"/v1/customers/{key}/managers")
    assert (managers["a_staff_code"], managers["rule"]) == (OTHER, "rotation")
    refused = await director.post(
        f"/v1/customers/{key}/managers/assign",
        json={"a_staff_code": OTHER},
        headers=seen(managers),
    )
    assert (refused.status_code, refused.json()["rule"]) == (409, "R-50")


async def test_x11_what_was_previewed_is_done_and_a_stale_preview_is_refused(
    asking: Asking, approve: Declare
) -> None:
    keys = [await assigned(asking, approve, f"客户{place}") for place in range(3)]
    director = asking(DIRECTOR)
    body = {"selection": {"staff_code": A}, "successors": [OTHER, B]}
    shown = (await director.post("/v1/reassignments/preview", json=body)).json()
    assert sorted(each["customer_key"] for each in shown["choices"]) == sorted(keys)
    assert {each["staff_code"]: each["leads_after"] for each in shown["loads"]} == {OTHER: 2, B: 1}
    assert {each["load"] for each in shown["loads"]} == {"below"}
    assert sorted(shown["warnings"]) == sorted([OTHER, B])

    await assigned(asking, approve, "预览之后的客户", a=OTHER)
    doing = {**body, "mark": shown["mark"], "reason": "片区调整"}
    stale = await director.post("/v1/reassignments/apply", json=doing)
    assert (stale.status_code, stale.json()["rule"]) == (409, "X-11")
    again = (await director.post("/v1/reassignments/preview", json=body)).json()
    done = await director.post("/v1/reassignments/apply", json={**doing, "mark": again["mark"]})
    assert done.status_code == 200, done.text
    (handover_id,) = done.json()["handover_ids"]
    lines = (await read(asking, f"/v1/handovers/{handover_id}/customers"))["items"]
    assert {line["customer_key"]: line["successor"] for line in lines} == {
        each["customer_key"]: each["successor"] for each in again["choices"]
    }
    assert (await read(asking, f"/v1/handovers/{handover_id}"))["reason"] == "reassignment"


async def test_x11_customers_of_a_unit_or_a_filter_and_nothing_without_one(
    asking: Asking, approve: Declare
) -> None:
    key = await assigned(asking, approve, "客户", b=B)
    director = asking(DIRECTOR)

    async def leavers(**selection: Any) -> list[tuple[str, str]]:
        body = {"selection": selection, "successors": [OTHER]}
        answer = await director.post("/v1/reassignments/preview", json=body)
        assert answer.status_code == 200, answer.text
        return [(each["from_staff_code"], each["place"]) for each in answer.json()["choices"]]

    assert await leavers(unit="GZ-TH") == [(B, "b")]
    assert await leavers(unit="GZ") == [(A, "a")]
    assert await leavers(division_code="440106", owner_unit="GZ-TH") == [(A, "a")]
    assert await leavers(customer_keys=[key]) == [(A, "a")]
    assert await leavers(scheme="guangdong-post-2005", tier="gold") == []
    empty = await director.post(
        "/v1/reassignments/preview", json={"selection": {}, "successors": [OTHER]}
    )
    assert empty.status_code == 422
