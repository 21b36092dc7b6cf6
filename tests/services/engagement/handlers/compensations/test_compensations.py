"""A compensation is approved by another, told to billing, and answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.engagement.consumers import CONSUMERS
from services.engagement.domain.complaints.compensation import (
    ApprovedByProposer,
    NobodyToCompensate,
)
from services.engagement.handlers.compensations import approve_compensation, propose_compensation
from services.engagement.handlers.compensations.approve_compensation import ApproveCompensation
from services.engagement.handlers.compensations.propose_compensation import ProposeCompensation
from shared.contracts.billing import CompensationPosted, CompensationRefused
from shared.contracts.envelope import Published
from shared.work import Work
from tests.services.engagement.events import complained
from tests.services.engagement.handlers.complaints.cases import NINE, case_of
from tests.services.engagement.stories import enter, receive, told
from tests.support.cast import CITY_DIRECTOR, COMPLAINT_HANDLER, ELECTRONICS
from tests.support.facts import batch


async def test_E_37_a_compensation_is_approved_by_another_and_told_to_billing(
    work: Work,
) -> None:
    await receive(work, complained("K1", NINE, ELECTRONICS, disputed="INV-7"))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    proposal = await propose_compensation.handle(
        work, ProposeCompensation(complaint_id, Decimal("200.00"))
    )
    command = ApproveCompensation(proposal.compensation_id, proposal.version)
    with pytest.raises(ApprovedByProposer):
        await approve_compensation.handle(work, command)
    assert told(work, "compensation_approved") == []
    await enter(work, CITY_DIRECTOR)
    await approve_compensation.handle(work, command)
    (fact,) = told(work, "compensation_approved")
    assert fact["amount"] == {"amount": "200.00", "currency": "CNY"}
    assert fact["disputed"]["ref"] == "INV-7"
    assert fact["approved_by"] == CITY_DIRECTOR.code


@pytest.mark.parametrize("is_posted", [True, False])
async def test_E_37_what_billing_answers_stands_beside_the_compensation(
    work: Work, is_posted: bool
) -> None:
    await receive(work, complained("K1", NINE, ELECTRONICS))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    proposal = await propose_compensation.handle(
        work, ProposeCompensation(complaint_id, Decimal("200.00"))
    )
    answer: dict[str, Any] = {
        "entity": {
            "type": "compensation-posting",
            "id": str(proposal.compensation_id),
            "version": 1,
        },
        "customer_key": ELECTRONICS.key,
        "compensation_id": proposal.compensation_id,
        "complaint_id": complaint_id,
        "amount": {"amount": "200.00", "currency": "CNY"},
    }
    if is_posted:
        answered: Published = CompensationPosted(**answer, posted_on=date(2026, 3, 9))
    else:
        answer |= {"reason": "exceeds-disputed-charge", "as_of": date(2026, 3, 9)}
        answered = CompensationRefused(**answer, inputs={})
    await CONSUMERS.dispatch(work, batch(answered))
    row = await work.row("SELECT posted_on, refused_because FROM compensations")
    assert row is not None
    expected = (date(2026, 3, 9), None) if is_posted else (None, "exceeds-disputed-charge")
    assert (row["posted_on"], row["refused_because"]) == expected


async def test_E_37_a_case_without_a_customer_is_not_compensated(work: Work) -> None:
    await receive(work, complained("K1", NINE))
    complaint_id = (await case_of(work, "K1")).case.complaint_id
    await enter(work, COMPLAINT_HANDLER)
    with pytest.raises(NobodyToCompensate):
        await propose_compensation.handle(
            work, ProposeCompensation(complaint_id, Decimal("200.00"))
        )
