"""R-52 over the real bus: somebody is reported to have left, two services answer, it is done."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest

from deploy.demo.hands import SITE, Hands
from deploy.demo.world import Person
from deploy.local.cast import CAST, load_cast
from deploy.local.suite import Suite

LEAVER, SUCCESSOR = "G004", "G005"


def person(staff_code: str) -> Person:
    """Somebody of the local cast, as the hands know people."""
    found = next(each for each in CAST if each.staff_code == staff_code)
    return Person(found.staff_code, found.name, found.unit, found.roles)


@pytest.fixture
async def hands(new_suite: Callable[[str], Suite]) -> AsyncIterator[Hands]:
    """A running suite with the cast, and the systems that report to it."""
    with patch.dict(os.environ):
        suite = new_suite("departure")
        load_cast(suite)
        async with Hands(suite).opened(["erp", "callcentre", "hr"]) as opened:
            yield opened


async def test_r52_a_leavers_customers_and_cases_go_to_the_successor(hands: Hands) -> None:
    director, today = person("G001"), datetime.now(SITE).date()
    opened: dict[str, Any] = {
        "code": "L-1",
        "name": "广州离岸贸易有限公司",
        "division_code": "440106",
        "owner_unit": "GZ",
        "opening": True,
        "opened_on": "2024-02-01",
        "_on": today,
        "managers": [
            {"staff_code": LEAVER, "role": "A"},
            {"staff_code": SUCCESSOR, "role": "B"},
        ],
    }
    await hands.tell("erp", "customer_opened", [opened])
    await hands.settle()
    raised = {
        "ref": "K-1",
        "customer": {"system": "erp", "code": "L-1"},
        "channel": "phone",
        "kind": "complaint",
        "text": "邮件迟到",
        "_on": today,
        "occurred_at": datetime.now(SITE).isoformat(),
    }
    await hands.tell("callcentre", "complaint_raised", [raised])
    await hands.settle()
    (case,) = await hands.pages(director, "engagement", "/complaints")
    await hands.call(
        director,
        "engagement",
        "POST",
        f"/complaints/{case['complaint_id']}/assign",
        {"unit": "GZ", "handler": LEAVER},
        version=case["version"],
    )

    left = {"ref": "left-1", "staff_code": LEAVER, "on": today.isoformat(), "_on": today}
    await hands.tell("hr", "staff_left", [left])
    await hands.settle()

    (handover,) = await hands.pages(director, "registry", "/handovers")
    assert (handover["from_staff_code"], handover["state"]) == (LEAVER, "completed")
    path = f"/handovers/{handover['handover_id']}"
    (line,) = await hands.pages(director, "registry", f"{path}/customers")
    assert (line["successor"], line["is_unchanged"]) == (SUCCESSOR, True)
    answers = (await hands.call(director, "registry", "GET", path))["answers"]
    moved = {each["service"]: {m["kind"]: m["count"] for m in each["moved"]} for each in answers}
    assert moved["engagement"]["complaints"] == 1
    assert set(moved) == {"billing", "engagement"}
    (case,) = await hands.pages(director, "engagement", "/complaints")
    assert case["handler"] == SUCCESSOR
