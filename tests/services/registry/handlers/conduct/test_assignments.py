"""R-78: nobody takes over a customer of an own interest, by whatever way."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.registry.domain.conduct.conflicts import ConflictOfInterest
from services.registry.domain.people.handovers import HandoverReason
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.conduct.register_interest import DeclareInterest
from services.registry.handlers.handovers import start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.people import reassign_customers
from services.registry.handlers.people.reassign_customers import Reassign
from services.registry.storage.people.reassignments import Selection
from shared.work import Work
from tests.services.registry.story import acting, approved, enter, managed
from tests.support import cast


async def interested(work: Work, person: cast.Person, key: UUID) -> None:
    interest = DeclareInterest(
        acting(person), person.code, "benefit-with-customer", "广州某公司", "持股", customer_key=key
    )
    await register_interest.handle(work, interest)


async def test_r78_a_successor_with_an_interest_in_the_customer_is_refused(work: Work) -> None:
    key = await approved(work)
    await managed(work, key)
    await interested(work, cast.MANAGER_B, key)
    handover = StartHandover(
        *(cast.MANAGER_A.code, HandoverReason.DEPARTURE, (key,)),
        by=acting(cast.CITY_DIRECTOR),
        successors={key: cast.MANAGER_B.code},
    )
    with pytest.raises(ConflictOfInterest):
        await start.handle(work, handover)


async def test_r78_whoever_manages_a_customer_already_may_go_on_and_is_reported_instead(
    work: Work,
) -> None:
    key = await approved(work)
    await managed(work, key)
    await interested(work, cast.COUNTY_MANAGER, key)
    handover = StartHandover(
        *(cast.MANAGER_A.code, HandoverReason.DEPARTURE, (key,)),
        by=acting(cast.CITY_DIRECTOR),
        successors={key: cast.COUNTY_MANAGER.code},
    )
    started = await start.handle(work, handover)
    assert started.from_staff_code == cast.MANAGER_A.code


async def test_r78_x11_a_preview_leaves_out_who_would_be_refused_and_is_done_as_shown(
    work: Work,
) -> None:
    keys = [await approved(work), await approved(work)]
    for key in keys:
        await managed(work, key)
    await interested(work, cast.MANAGER_B, keys[0])
    people = (cast.MANAGER_B.code,)
    selection = Selection(staff_code=cast.MANAGER_A.code, customer_keys=tuple(keys))
    command = Reassign(selection, people, acting(cast.CITY_DIRECTOR), "片区调整")
    await enter(work, cast.CITY_DIRECTOR)
    shown = await reassign_customers.preview(work, command)
    assert {each.account.customer_key: each.successor for each in shown.choices} == {
        keys[0]: None,
        keys[1]: cast.MANAGER_B.code,
    }
    assert len(await reassign_customers.apply(work, command, shown.mark)) == 1
