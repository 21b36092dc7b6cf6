"""R-74, R-81: what others told of phones and addresses is sealed, and still finds the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.registry.handlers import reseal
from services.registry.handlers.register import amend_customer, observe_customer
from services.registry.handlers.register.amend_customer import AmendCustomer
from services.registry.storage.archive.vault import SealedForUs
from services.registry.storage.identity import marks
from services.registry.storage.register import observations
from shared.contracts.enterprise import CustomerObserved
from shared.crypto import Box, new_key
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.services.registry.story import Declaring, acting, declared, mechanics
from tests.support import cast
from tests.support.clocks import SITE
from tests.support.facts import reported

CREDIT_CODE = "91440106MA5CQ5CX0U"
PHONE, ADDRESS = "020-38881234", "广州市天河路1号"
OLD, NEW, MARKS = new_key(), new_key(), new_key()
# As a process of the release before writes it, which knows no seal.
WRITTEN_BEFORE = """
INSERT INTO observations AS held (system, code, name, name_key, phone, address, observed_at, ref)
VALUES ('erp', 'C-7', '南方', '南方', :phone, :address, :now, :ref)
ON CONFLICT (system, code) DO UPDATE SET phone = excluded.phone, address = excluded.address,
    observed_at = excluded.observed_at, ref = excluded.ref
"""


def seen(day: int = 1, **others: Any) -> Fact[CustomerObserved]:
    """What the ERP tells of its customer C-7 on a day of January."""
    said = {"ref": str(day), "code": "C-7", "name": "南方", "phone": PHONE, "address": ADDRESS}
    at = datetime(2026, 1, day, tzinfo=SITE)
    return reported(CustomerObserved.model_validate({**said, **others}), at=at)


async def written_before(work: Work, ref: str, phone: str | None, address: str | None) -> None:
    """A process of the release before has taken the fact `ref`."""
    values = {"phone": phone, "address": address, "now": work.now, "ref": ref}
    await work.run(WRITTEN_BEFORE, values)


async def told(work: Work) -> dict[str, str]:
    """What is known of C-7 to those who hold the keys."""
    row = await work.row(f"SELECT {observations.PRIVATE_COLUMNS} FROM observations seen")
    assert row is not None
    return observations.private(work, row)


async def at_rest(work: Work) -> str:
    """The whole table as somebody without keys reads it."""
    return str(await work.value("SELECT string_agg(held::text, ' ') FROM observations held"))


async def found_by(work: Work, phone: str) -> set[UUID]:
    """Who is found under a phone."""
    asked = marks.sought(work, marks.PHONE, phone)
    rows = await work.rows("SELECT customer_key FROM contact_marks WHERE mark = ANY(:m)", m=asked)
    return {row["customer_key"] for row in rows}


async def resealed(work: Work) -> int:
    """How much is sealed anew until nothing is left."""
    total = 0
    while count := await reseal.batch(work):
        total += count
    return total


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({}, {"phone": PHONE, "address": ADDRESS}),
        ({"address": None}, {"phone": PHONE}),
        ({"phone": None}, {"address": ADDRESS}),
        ({"phone": None, "address": None}, {}),
    ],
)
async def test_r74_nothing_private_stands_in_the_table_in_plain(
    work: Work, said: dict[str, Any], known: dict[str, str]
) -> None:
    await observe_customer.handle(work, seen(**said))
    assert await told(work) == known
    stored = await at_rest(work)
    assert PHONE not in stored
    assert ADDRESS not in stored
    fields = await work.value("SELECT sealed_fields FROM observations")
    assert sorted(fields) == sorted(known)
    assert await resealed(work) == 0


async def test_r74_a_later_word_without_a_phone_takes_it_back(work: Work) -> None:
    for fact in (seen(2, phone=None), seen(1)):
        await observe_customer.handle(work, fact)
    assert await told(work) == {"address": ADDRESS}


async def test_r74_what_was_written_before_the_seal_is_read_and_sealed_by_the_command(
    work: Work,
) -> None:
    await written_before(work, "1", PHONE, None)
    assert await told(work) == {"phone": PHONE}
    assert PHONE in await at_rest(work)
    assert await resealed(work) == 1
    assert PHONE not in await at_rest(work)
    assert await told(work) == {"phone": PHONE}
    assert await work.value("SELECT sealed_fields FROM observations") == ["phone"]


@pytest.mark.parametrize("later", [("13800138000", None), (None, ADDRESS), (None, None)])
async def test_r74_a_process_of_the_release_before_replaces_what_was_sealed(
    work: Work, later: tuple[str | None, str | None]
) -> None:
    await observe_customer.handle(work, seen(1))
    await written_before(work, "2", *later)
    said = {name: value for name, value in zip(observations.PRIVATE, later, strict=True) if value}
    assert await told(work) == said
    await resealed(work)
    assert await told(work) == said


async def test_r74_observations_follow_the_keys(work: Work) -> None:
    work.box = Box(OLD, MARKS)
    await observe_customer.handle(work, seen())
    work.box = Box(f"{NEW},{OLD}", MARKS)
    assert await resealed(work) == 1
    work.box = Box(NEW, MARKS)
    assert await told(work) == {"phone": PHONE, "address": ADDRESS}
    work.box = Box(OLD, MARKS)
    with pytest.raises(SealedForUs):
        await told(work)


@pytest.mark.parametrize("order", sorted(permutations(["linked", "early", "late"])))
async def test_r81_the_last_phone_finds_the_customer_whatever_came_first(
    work: Work, order: Sequence[str]
) -> None:
    """R-81: the cross-reference before or after what was seen, the newest word last or first."""
    key = (await declared(work, Declaring(customer=mechanics()))).customer_key
    for step in order:
        match step:
            case "linked":
                version = await work.value("SELECT version FROM customers")
                by = acting(cast.PROVINCE_ADMINISTRATOR)
                command = AmendCustomer(key, by, version, codes=(("erp", "C-7"),))
                await amend_customer.handle(work, command)
            case "early":
                await observe_customer.handle(work, seen(1, phone="13800138000"))
            case "late":
                await observe_customer.handle(work, seen(2))
    assert await found_by(work, PHONE) == {key}
    assert await found_by(work, "13800138000") == set()


@pytest.mark.parametrize("first", ["seen", "declared"])
async def test_r81_an_adopted_code_brings_its_phone(work: Work, first: str) -> None:
    how = Declaring(customer=mechanics(unified_credit_code=CREDIT_CODE))
    if first == "declared":
        await declared(work, how)
    await observe_customer.handle(work, seen(unified_credit_code=CREDIT_CODE))
    if first == "seen":
        await declared(work, how)
    assert await found_by(work, PHONE) == {await work.value("SELECT customer_key FROM customers")}
