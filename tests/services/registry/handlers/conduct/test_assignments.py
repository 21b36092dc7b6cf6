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
from shared.work import Work
from tests.services.registry.story import acting, approved, managed
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
