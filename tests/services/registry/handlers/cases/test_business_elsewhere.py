"""R-37: revenue that arises outside the owner's territory is a case from the policy's amount on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.registry.handlers.cases import rule_dispute
from services.registry.handlers.cases.evidence import notice_revenue
from shared.contracts.registry import (
    DisputeOpened,
)
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import claimed, posted, ruling
from tests.services.registry.story import (
    approved,
    told,
)
from tests.support.facts import published


@pytest.mark.parametrize(("amount", "cases"), [("9999.99", 0), ("10000.00", 1)])
async def test_r37_revenue_elsewhere_opens_a_case_from_the_policys_amount_on(
    work: Work, amount: str, cases: int
) -> None:
    key = await approved(work)
    facts = [published(posted(key, "1", "SZ-NS", amount))]
    await notice_revenue.handle(work, facts)
    await notice_revenue.handle(work, facts)
    assert len(told(work, DisputeOpened)) == cases


async def test_r37_revenue_at_home_is_no_case_however_high(work: Work) -> None:
    key = await approved(work)
    places = ("GZ-TH", "GZ-TH-01", "GZ")
    facts = [published(posted(key, place, place, "900000.00")) for place in places]
    await notice_revenue.handle(work, facts)
    assert told(work, DisputeOpened) == []


async def test_r37_those_who_were_heard_are_no_new_case(work: Work) -> None:
    key = await approved(work)
    await rule_dispute.handle(work, ruling(await claimed(work, key), owner_unit="GZ-TH"))
    await notice_revenue.handle(work, [published(posted(key, "1", "SZ", "50000.00"))])
    assert len(told(work, DisputeOpened)) == 1
    await notice_revenue.handle(work, [published(posted(key, "2", "GZ-PY", "50000.00"))])
    assert told(work, DisputeOpened)[-1].parties == ("GZ-PY", "GZ-TH")


async def test_a_restated_posting_is_the_same_revenue(work: Work) -> None:
    key = await approved(work)
    old, new = posted(key, "1", "SZ-NS", "6000.00"), posted(key, "1", "SZ-NS", "7000.00", 2)
    await notice_revenue.handle(work, [published(new), published(old)])
    await notice_revenue.handle(work, [published(old)])
    assert await work.value("SELECT sum(amount) FROM revenue_places") == Decimal("7000.00")
    assert told(work, DisputeOpened) == []
