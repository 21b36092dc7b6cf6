"""R-36, R-48: contracts of a file, by hundreds at once, as if each had come by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.belonging.contracts import InvalidTerm, KnownOtherwise
from services.registry.domain.centres.organisation import UnknownUnit
from services.registry.domain.register.customers import NotDeveloped
from services.registry.handlers.importing import take_contracts
from services.registry.handlers.importing.take_contracts import ContractRow
from services.registry.storage.belonging import ownership
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.contracts.registry import (
    ContractSigned,
    DisputeOpened,
    ManagersAssigned,
    OwnershipChanged,
    ScopeChanged,
)
from shared.errors import NotFound
from shared.identifiers import derived_id
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.registry.story import APPROVED_ON, approved, declared, managed, told

SIGNED_ON = date(2026, 2, 20)
DAY = timedelta(days=1)


def row(ref: str, **others: Any) -> ContractRow:
    """A contract with the customer that crm calls ACME, signed in its own county."""
    said = {
        "ref": ref,
        "system": "crm",
        "customer_code": "ACME",
        "signed_at_unit": "GZ-TH",
        "signed_on": SIGNED_ON,
        **others,
    }
    return ContractRow.model_validate(said)


async def acme(work: Work, code: str = "ACME") -> UUID:
    """An approved customer that crm has a code for."""
    key = await approved(work)
    await customers.link(work, key, "crm", code)
    return key


async def refused(work: Work, rows: Sequence[ContractRow]) -> dict[str, type[Exception]]:
    """Why which rows may not be."""
    refusals = await take_contracts.handle(work, rows)
    return {ref: type(refusal) for ref, refusal in refusals.items()}


async def test_a_contract_finds_its_customer_by_the_code_of_the_other_system(work: Work) -> None:
    key = await acme(work)
    await managed(work, key)
    assert await refused(work, [row("1C1I7A6R")]) == {}
    (fact,) = told(work, ContractSigned)
    assert fact.source is not None
    assert (fact.source.system, fact.source.ref) == ("crm", "1C1I7A6R")
    assert fact.contract_id == derived_id("contract", "crm", "1C1I7A6R")
    assert await work.value("SELECT phase FROM managers") == "maintenance"


async def test_rows_that_may_not_be_leave_nothing_and_the_others_go_in(work: Work) -> None:
    await acme(work)
    early, late = APPROVED_ON - DAY, work.today + DAY
    waiting = (await declared(work)).customer_key
    await customers.link(work, waiting, "crm", "LATER")
    assert await refused(
        work,
        [
            row("code", customer_code="X"),
            row("early", signed_on=early),
            row("first-day", signed_on=APPROVED_ON),
            row("term", valid_until_on=SIGNED_ON - DAY),
            row("term-of-a-day", valid_until_on=SIGNED_ON),
            row("unit", signed_at_unit="NOWHERE"),
            row("today", signed_on=work.today),
            row("future", signed_on=late),
            row("undeveloped", customer_code="LATER"),
        ],
    ) == {
        "code": NotFound,
        "early": InvalidTerm,
        "term": InvalidTerm,
        "unit": UnknownUnit,
        "future": InTheFuture,
        "undeveloped": NotDeveloped,
    }
    kept = await work.rows("SELECT source_ref FROM contracts ORDER BY source_ref")
    assert [each["source_ref"] for each in kept] == ["first-day", "term-of-a-day", "today"]
    assert await work.value("SELECT count(*) FROM signatures") == 3


async def test_history_opens_no_dispute_and_is_taken_once(work: Work) -> None:
    await acme(work)
    rows = [row("1"), row("2", signed_at_unit="SZ-NS")]
    for _ in range(2):
        assert await refused(work, rows) == {}
    assert told(work, DisputeOpened) == []
    assert len(told(work, ContractSigned)) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"signed_on": SIGNED_ON - DAY},
        {"signed_at_unit": "SZ-NS"},
        {"business_lines": ("函件",)},
        {"customer_code": "OTHER"},
    ],
)
async def test_a_known_contract_with_other_content_is_refused_and_stays(
    work: Work, changed: dict[str, object]
) -> None:
    await acme(work)
    await acme(work, "OTHER")
    await take_contracts.handle(work, [row("1")])
    before = await work.rows("SELECT * FROM contracts")
    assert await refused(work, [row("1", **changed), row("2")]) == {"1": KnownOtherwise}
    after = await work.rows("SELECT * FROM contracts WHERE source_ref = '1'")
    assert after == before


@pytest.mark.parametrize("at_once", [1, 2, 3])
async def test_r36_the_earliest_signature_owns_however_the_file_is_cut(
    work: Work, at_once: int
) -> None:
    key = await acme(work)
    await managed(work, key)
    rows = [
        row("3", signed_on=SIGNED_ON, signed_at_unit="SZ-NS"),
        row("1", signed_on=SIGNED_ON - 2 * DAY, signed_at_unit="GZ-PY"),
        row("2", signed_on=SIGNED_ON - DAY, signed_at_unit="GZ-TH"),
    ]
    for begin in range(0, len(rows), at_once):
        await take_contracts.handle(work, rows[begin : begin + at_once])
    owner = (await ownership.ownerships(work, key))[-1]
    assert (owner.owner_unit, owner.effective_on) == ("GZ-PY", SIGNED_ON - 2 * DAY)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ-PY"
    held, _ = await managers.current(work, key)
    assert held is not None
    assert held.phase_contract_id == derived_id("contract", "crm", "1")
    assert told(work, ManagersAssigned)[-1].phase_contract_id == held.phase_contract_id
    granted = {grant.unit for grant in told(work, ScopeChanged)[-1].grants}
    assert "GZ-PY" in granted


async def test_contracts_of_several_customers_are_each_its_own(work: Work) -> None:
    keys = [await acme(work, code) for code in ("A", "B")]
    rows = [row("1", customer_code="A"), row("2", customer_code="B", signed_at_unit="SZ-NS")]
    await take_contracts.handle(work, rows)
    owners = [(await ownership.ownerships(work, key))[-1].owner_unit for key in keys]
    assert owners == ["GZ-TH", "SZ-NS"]


async def test_r16_a_contract_of_a_file_is_a_reason_to_decide_about_a_key_account(
    work: Work,
) -> None:
    key = await acme(work)
    await take_contracts.handle(work, [row("1"), row("2")])
    kept = await work.rows("SELECT is_recognised, decided_by FROM recognitions ORDER BY sequence")
    assert [(each["is_recognised"], each["decided_by"]) for each in kept][-1] == (True, "registry")
    assert (await customers.load(work, key)).customer_key == key
