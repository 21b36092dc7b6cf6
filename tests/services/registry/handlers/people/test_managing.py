"""R-48, R-46, R-08: A and B, the swap on the first signature, and nothing that undoes a person."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.belonging.responsibility import NotResponsible
from services.registry.domain.centres.staff import NotOnDuty
from services.registry.domain.people.manager_pairs import (
    NotTheOwnersStaff,
    SamePersonTwice,
    SecondManagerMissing,
)
from services.registry.domain.people.managers import (
    AssignmentOutOfTurn,
    NobodyToSwap,
    SwapOutOfTurn,
)
from services.registry.domain.register.customers import NotDeveloped
from services.registry.handlers.belonging import note_sale
from services.registry.handlers.people import assign_managers, follow_tiers, swap_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.people.swap_managers import SwapManagers
from services.registry.storage.people import managers
from shared.contracts.billing import SaleContractSigned
from shared.contracts.envelope import Entity, MoneyAmount
from shared.contracts.registry import ManagersAssigned
from shared.contracts.tiering import TierChanged
from shared.errors import StaleVersion
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    acting,
    approved,
    commit,
    declared,
    managed,
    signed,
    told,
)
from tests.support import cast
from tests.support.facts import published

DIRECTOR = acting(cast.CITY_DIRECTOR)
SIGNED_ON, LATER = date(2026, 2, 2), date(2026, 3, 2)


def sold(key: UUID, on: date, name: str = "first") -> SaleContractSigned:
    """A sale of an object, as billing tells of it."""
    agreement = derived_id(name)
    return SaleContractSigned(
        entity=Entity(type="agreement", id=str(agreement), version=1),
        customer_key=key,
        agreement_id=agreement,
        object_code="A-1-101",
        price=MoneyAmount(amount=Decimal(800000), currency="CNY"),
        signed_on=on,
        signed_at_unit="GZ-TH",
    )


def tier(key: UUID, after: str, version: int = 1, on: date = APPROVED_ON) -> TierChanged:
    """A tier, as tiering tells of it."""
    return TierChanged(
        entity=Entity(type="tier", id=f"{key}/guangdong-post-2005", version=version),
        customer_key=key,
        as_of=on,
        scheme="guangdong-post-2005",
        scheme_version=1,
        after=after,
        effective_on=on,
    )


async def swap(work: Work, key: UUID, on: date) -> None:
    """The director hands the lead to the other manager."""
    _, version = await managers.current(work, key)
    await swap_managers.handle(work, SwapManagers(key, DIRECTOR, version, "客户要求", on))


def assigning(key: UUID, a: str, b: str | None, **others: Any) -> AssignManagers:
    """An assignment by the director of the city."""
    said = {"by": DIRECTOR, "expected_version": 0, "on": APPROVED_ON, **others}
    return AssignManagers(key, a_staff_code=a, b_staff_code=b, **said)


async def state(work: Work, key: UUID) -> tuple[str | None, str]:
    """Who leads, in which phase."""
    held, _ = await managers.current(work, key)
    assert held is not None
    return held.lead, held.phase.value


A, B = cast.MANAGER_A.code, cast.COUNTY_MANAGER.code


async def test_r48_a_leads_until_the_first_contract_and_b_from_then_on(work: Work) -> None:
    key = await approved(work)
    await managed(work, key)
    assert await state(work, key) == (A, "development")
    contract = await signed(work, key, "GZ-TH", SIGNED_ON)
    assert await state(work, key) == (B, "maintenance")
    fact = told(work, ManagersAssigned)[-1]
    assert (fact.a_staff_code, fact.b_staff_code, fact.rule, fact.effective_on) == (
        *(A, B, "contract-signed"),
        SIGNED_ON,
    )
    assert fact.phase_contract_id == contract.contract_id
    assert [fact.entity.version for fact in told(work, ManagersAssigned)] == [1, 2]


async def test_r48_the_sale_of_an_object_ends_the_development_as_well(work: Work) -> None:
    key = await approved(work)
    await managed(work, key)
    for _ in range(2):
        await note_sale.handle(work, published(sold(key, SIGNED_ON)))
    assert await state(work, key) == (B, "maintenance")
    assert len(told(work, ManagersAssigned)) == 2


async def test_r48_a_contract_before_the_managers_stores_the_phase(work: Work) -> None:
    key = await approved(work)
    await note_sale.handle(work, published(sold(key, SIGNED_ON)))
    alone = told(work, ManagersAssigned)[-1]
    assert (alone.a_staff_code, alone.phase) == (None, "maintenance")
    await managed(work, key)
    assert await state(work, key) == (B, "maintenance")


async def test_r48_later_contracts_and_replays_never_undo_a_manual_swap(work: Work) -> None:
    key = await approved(work)
    await managed(work, key)
    await note_sale.handle(work, published(sold(key, SIGNED_ON)))
    await swap(work, key, LATER)
    assert await state(work, key) == (A, "development")
    await signed(work, key, "GZ-TH", date(2026, 3, 10))
    await note_sale.handle(work, published(sold(key, SIGNED_ON)))
    await note_sale.handle(work, published(sold(key, date(2026, 3, 12), "second")))
    assert await state(work, key) == (A, "development")
    assert told(work, ManagersAssigned)[-1].rule == "manual-swap"


@pytest.mark.parametrize("order", list(itertools.permutations(["assign", "first", "second"])))
async def test_r48_the_end_is_the_same_whatever_became_known_first(
    work: Work, order: tuple[str, ...]
) -> None:
    key = await approved(work)
    for step in order:
        if step == "assign":
            await managed(work, key)
        else:
            on = SIGNED_ON if step == "first" else LATER
            await note_sale.handle(work, published(sold(key, on, step)))
    held, _ = await managers.current(work, key)
    assert held is not None
    assert (held.lead, held.phase_contract_id) == (B, derived_id("first"))


async def test_a_sale_to_a_customer_nobody_told_of_waits(work: Work) -> None:
    key = derived_id("nobody")
    await note_sale.handle(work, published(sold(key, SIGNED_ON)))
    await commit(work)
    assert await work.value("SELECT key FROM kit.waiting") == f"key:{key}"


async def test_r48_from_the_policys_tier_on_there_must_be_two(work: Work) -> None:
    key = await approved(work)
    alone = assigning(key, A, None)
    await follow_tiers.handle(work, [published(tier(key, "silver"))])
    with pytest.raises(SecondManagerMissing):
        await assign_managers.handle(work, alone)
    demoted = tier(key, "ordinary", 2)
    await follow_tiers.handle(work, [published(demoted), published(tier(key, "silver"))])
    await assign_managers.handle(work, alone)
    assert await state(work, key) == (A, "development")


async def test_r48_the_tier_of_the_day_of_the_assignment_counts(work: Work) -> None:
    key = await approved(work)
    later = tier(key, "gold", on=date(2026, 2, 1))
    await follow_tiers.handle(work, [published(later)])
    await assign_managers.handle(work, assigning(key, A, None, on=date(2026, 1, 31)))
    with pytest.raises(SecondManagerMissing):
        again = assigning(key, A, None, on=date(2026, 2, 1), expected_version=1)
        await assign_managers.handle(work, again)


async def test_r48_r08_r46_who_may_manage_whom(work: Work) -> None:
    key = await approved(work)
    for command, refusal in (
        (assigning(key, A, A), SamePersonTwice),
        (assigning(key, cast.FINANCE.code, B), NotOnDuty),
        (assigning(key, A, cast.WHO_LEFT.code), NotOnDuty),
        (assigning(key, "NOBODY", B), NotOnDuty),
        (assigning(key, cast.OTHER_CITY_MANAGER.code, B), NotTheOwnersStaff),
        (assigning(key, A, B, by=acting(cast.OTHER_CITY_DIRECTOR)), NotResponsible),
        (assigning(key, A, B, expected_version=1), StaleVersion),
    ):
        with pytest.raises(refusal):
            await assign_managers.handle(work, command)


async def test_r48_b_may_come_from_another_unit(work: Work) -> None:
    key = await approved(work)
    await assign_managers.handle(work, assigning(key, A, cast.OTHER_CITY_MANAGER.code))
    assert await state(work, key) == (A, "development")


async def test_r20_nobody_manages_a_customer_before_its_approval(work: Work) -> None:
    declaration = await declared(work)
    with pytest.raises(NotDeveloped):
        await assign_managers.handle(work, assigning(declaration.customer_key, A, B))


async def test_an_assignment_or_a_swap_does_not_lie_before_the_last(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(NobodyToSwap):
        await swap(work, key, SIGNED_ON)
    await managed(work, key, SIGNED_ON)
    with pytest.raises(AssignmentOutOfTurn):
        await managed(work, key, APPROVED_ON)
    await swap(work, key, LATER)
    with pytest.raises(SwapOutOfTurn):
        await swap(work, key, SIGNED_ON)
