"""R-16, R-81: what registry itself knows when a customer is assessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.registry.domain.recognition.criteria import Value
from services.registry.handlers.recognition import recognise_key_account
from services.registry.handlers.recognition.recognise_key_account import RecogniseKeyAccount
from shared.contracts.registry import CustomerChanged
from shared.identifiers import new_id
from shared.work import Work
from tests.services.registry.story import acting, approved, told
from tests.support import cast

BY = acting(cast.COUNTY_MANAGER)


async def test_r81_revenue_of_a_customer_that_was_merged_into_it_counts(work: Work) -> None:
    key, merged = await approved(work), new_id()
    for owner, amount in ((key, "6000.00"), (merged, "4000.00")):
        for day in (date(2025, 5, 5), work.today):
            await work.run(
                "INSERT INTO revenue_places"
                " (posting_id, version, customer_key, occurred_on, amount)"
                " VALUES (:id, 1, :key, :day, :amount)",
                {"id": new_id(), "key": owner, "day": day, "amount": Decimal(amount)},
            )
    alone = await recognise_key_account.handle(work, RecogniseKeyAccount(key, BY))
    assert not alone.assessment.is_recognised
    await work.run(
        "INSERT INTO kit.identities (customer_key, survivor, root, version)"
        " VALUES (:merged, :key, :key, 1)",
        {"merged": merged, "key": key},
    )
    together = await recognise_key_account.handle(work, RecogniseKeyAccount(key, BY))
    assert together.assessment.is_recognised
    assert together.sequence == alone.sequence + 1
    assert together.figures["previous_year_revenue"].value == Decimal("10000.00")


async def test_r15_a_kind_that_follows_is_told_once_and_a_same_kind_not_at_all(
    work: Work,
) -> None:
    key = await approved(work)
    before = len(told(work, CustomerChanged))
    for _ in range(2):
        given: dict[str, Value] = {"body": "army", "has_policy_influence": True}
        await recognise_key_account.handle(work, RecogniseKeyAccount(key, BY, given))
    facts = told(work, CustomerChanged)[before:]
    assert [fact.kind for fact in facts] == ["policy"]
