"""R-51: a contract hands its customer to after-sales staff, where the policy knows any."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.domain.centres.staff import NotOnDuty
from services.registry.domain.people.handovers import (
    HandoverReason,
    HandoverRules,
)
from services.registry.storage.people import handovers, managers
from shared.contracts.registry import (
    HandoverStarted,
    ManagersAssigned,
)
from shared.policy import record
from shared.work import Work
from tests.services.registry.handlers.people.test_handing_over import (
    OTHER,
    A,
    B,
    only,
    successor,
    two_customers,
)
from tests.services.registry.story import (
    signed,
    told,
)
from tests.support import cast


async def after_sales(work: Work, role: str) -> None:
    """Contracts hand customers to staff of that role."""
    body = {"answer_days": 7, "partner_succeeds": False, "after_sales_role": role}
    await record(
        work, HandoverRules, body, date(2026, 1, 1), author="P002", reason="试", source="x"
    )


async def test_r51_a_signed_contract_hands_over_to_after_sales_staff(work: Work) -> None:
    await after_sales(work, "back_office")
    pair, _ = await two_customers(work)
    await signed(work, pair, "GZ-TH", date(2026, 2, 2))
    handover = await only(work)
    assert (handover.reason, handover.from_staff_code) == (HandoverReason.AFTER_SALES, A)
    assert (await handovers.lines(work, handover.handover_id))[pair].successor is None
    with pytest.raises(NotOnDuty):
        await successor(work, pair, OTHER)
    await successor(work, pair, cast.BACK_OFFICE.code)
    held, _ = await managers.current(work, pair)
    assert held is not None
    assert (held.a, held.lead) == (A, cast.BACK_OFFICE.code)
    await signed(work, pair, "GZ-TH", date(2026, 2, 9))
    assert (await only(work)).version == 2


async def test_r51_a_b_manager_with_the_role_stays_and_needs_nobody_else(work: Work) -> None:
    await after_sales(work, "account_manager")
    pair, _ = await two_customers(work)
    await signed(work, pair, "GZ-TH", date(2026, 2, 2))
    assert (await handovers.lines(work, (await only(work)).handover_id))[pair].successor == B
    assert told(work, ManagersAssigned)[-1].rule == "contract-signed"


async def test_r51_where_the_policy_knows_no_after_sales_staff_nothing_is_handed_over(
    work: Work,
) -> None:
    pair, _ = await two_customers(work)
    await signed(work, pair, "GZ-TH", date(2026, 2, 2))
    assert told(work, HandoverStarted) == []
