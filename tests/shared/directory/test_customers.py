"""Which customer a fact means, may business be done with it, and what its approval frees."""

from __future__ import annotations

import asyncio

import pytest

from shared.contracts.envelope import CustomerReference
from shared.contracts.registry import CustomerState
from shared.directory import customers
from shared.service import Runtime
from shared.work import Work
from tests.shared.directory.conftest import Tell
from tests.shared.directory.facts import customer, key
from tests.support.facts import published

BY_CODE = CustomerReference(system="erp", code="C-1")
BY_ID = CustomerReference(customer_id="44010000001000")
BY_KEY = CustomerReference(customer_key=key("a"))


async def test_a_customer_is_found_under_each_of_its_names(work: Work, tell: Tell) -> None:
    await tell(customer("a", codes=("C-1",), customer_id="44010000001000"), customer("b"))
    other = CustomerReference(system="crm", code="C-1")
    found = await customers.resolve(work, [BY_KEY, other, BY_CODE, BY_ID, BY_CODE])
    assert found == [key("a"), None, key("a"), key("a"), key("a")]


@pytest.mark.parametrize(
    ("state", "found", "in_research"),
    [
        (CustomerState.DECLARED, False, True),
        (CustomerState.APPROVED, True, True),
        (CustomerState.REGISTERED, True, True),
        (CustomerState.SUSPENDED, True, True),
        (CustomerState.CLOSED, True, True),
    ],
)
async def test_facts_about_a_customer_wait_until_its_declaration_is_approved(
    work: Work, tell: Tell, state: CustomerState, found: bool, in_research: bool
) -> None:
    await tell(customer("a", state=state, codes=("C-1",)))
    assert (await customers.resolve(work, [BY_CODE]) == [key("a")]) is found
    assert (await customers.resolve(work, [BY_CODE], developed=False) == [key("a")]) is in_research


async def test_a_code_taken_away_finds_nobody(work: Work, tell: Tell) -> None:
    await tell(customer("a", 1, codes=("C-1",)))
    await tell(customer("a", 2, codes=()))
    assert await customers.resolve(work, [BY_CODE]) == [None]


async def test_research_may_begin_before_anybody_declared_the_customer(
    work: Work, tell: Tell
) -> None:
    await tell(customer("a", state=CustomerState.DECLARED))
    await customers.require_developed(work, key("a"), research=True)
    await customers.require_developed(work, key("unknown"), research=True)
    for name in ("a", "unknown"):
        with pytest.raises(customers.UnapprovedCustomer) as refused:
            await customers.require_developed(work, key(name))
        assert (refused.value.rule, refused.value.status) == ("R-20", 409)


async def test_not_even_research_at_a_suspended_customer(work: Work, tell: Tell) -> None:
    await tell(customer("a", state=CustomerState.SUSPENDED))
    with pytest.raises(customers.SuspendedCustomer):
        await customers.require_developed(work, key("a"), research=True)


async def _settled(work: Work, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    told: list[set[str]] = []

    async def note(_: Work, kind: str, keys: list[str]) -> list[object]:
        told.append(set(keys))
        return []

    monkeypatch.setattr("shared.work.waiting.settle", note)
    return told


async def test_what_becomes_known_frees_what_waited_for_it_and_nothing_else(
    work: Work, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await _settled(work, monkeypatch)
    by_key = f"key:{key('a')}"
    await tell(customer("a", 1, state=CustomerState.DECLARED, codes=("C-1",)))
    await tell(customer("a", 2, codes=("C-1",)))
    await tell(customer("a", 3, codes=("C-1", "C-2")))
    await tell(customer("a", 4, codes=("C-1", "C-2"), customer_id="44010000001000"))
    await tell(customer("a", 4, codes=("C-1", "C-2"), customer_id="44010000001000"))
    await tell(customer("a", 3, codes=("C-1", "C-2")))
    assert told == [
        {by_key, "erp:C-1"},
        {by_key, "erp:C-1"},
        {"erp:C-2"},
        {"id:44010000001000"},
    ]


async def test_a_fact_and_the_approval_that_frees_it_do_not_miss_each_other(
    process: Runtime,
) -> None:
    """The fact looks while the approval is under way: it has to see it or be seen by it."""
    async with process.works.begin() as approving:
        await customers.follow(approving, [published(customer("a", codes=("C-1",)))])

        async def resolve() -> list[object]:
            async with process.works.begin() as asking:
                return list(await customers.resolve(asking, [BY_CODE]))

        asked = asyncio.create_task(resolve())
        done, _ = await asyncio.wait({asked}, timeout=0.3)
        assert not done, "the fact has to wait for the transaction that makes its customer known"
    assert await asked == [key("a")]


async def test_an_approval_waits_for_a_fact_that_found_nobody(process: Runtime) -> None:
    """The other way round: the fact holds the reference until it has left itself waiting."""
    async with process.works.begin() as asking:
        assert await customers.resolve(asking, [BY_CODE]) == [None]

        async def approve() -> None:
            async with process.works.begin() as approving:
                await customers.follow(approving, [published(customer("a", codes=("C-1",)))])

        approved = asyncio.create_task(approve())
        done, _ = await asyncio.wait({approved}, timeout=0.3)
        assert not done, "the approval has to wait until the fact waits"
    await approved
