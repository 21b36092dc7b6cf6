"""R-16, R-81: what registry itself knows when a customer is assessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.registry.domain.recognition.criteria import Value
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.conduct.register_interest import DeclareInterest
from services.registry.handlers.recognition import recognise_key_account
from services.registry.handlers.recognition.recognise_key_account import RecogniseKeyAccount
from services.registry.storage.conduct import reports
from shared.contracts.registry import CustomerChanged
from shared.identifiers import new_id
from shared.sweeps import at_once
from shared.work import Work
from tests.services.registry.handlers.identity.test_merging import merge, two
from tests.services.registry.handlers.register.test_opening import opened, opening
from tests.services.registry.story import acting, approved, enter, signed, told
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


async def last(work: Work, key: UUID) -> Any:
    """The decision that holds, with who made it; None before any."""
    return await work.row(
        "SELECT * FROM recognitions WHERE customer_key = :key ORDER BY sequence DESC LIMIT 1",
        key=key,
    )


async def brought(work: Work, key: UUID, amount: str, on: date) -> None:
    """Revenue as billing posted it."""
    await work.run(
        "INSERT INTO revenue_places (posting_id, version, customer_key, occurred_on, amount)"
        " VALUES (:id, 1, :key, :day, :amount)",
        {"id": new_id(), "key": key, "day": on, "amount": Decimal(amount)},
    )


async def swept(work: Work, on: date) -> int:
    """How many decisions a night brought."""
    return await at_once(recognise_key_account.portion, work, on)


async def test_r15_the_opening_register_is_assessed_at_night_once(work: Work) -> None:
    """R-15: who was there before the register is decided about like everybody else."""
    assert await opened(work, opening(managers=[])) == []
    key = told(work, CustomerChanged)[-1].customer_key
    assert await last(work, key) is None
    assert await swept(work, work.today) == 1
    decision = await last(work, key)
    assert (decision["is_recognised"], decision["decided_by"]) == (False, "registry")
    assert await swept(work, work.today) == 0, "nothing has come since"


async def test_r16_who_reaches_the_threshold_is_a_key_account_from_that_night_on(
    work: Work,
) -> None:
    """R-16, C14: 10 000 of the year before AND 1 000 of the month, both limits included."""
    key = await approved(work)
    assert not (await last(work, key))["is_recognised"]
    await brought(work, key, "10000.00", date(2025, 12, 31))
    await brought(work, key, "999.99", work.today.replace(day=1))
    assert await swept(work, work.today) == 0
    await brought(work, key, "0.01", work.today)
    assert await swept(work, work.today) == 1
    decision = await last(work, key)
    assert (decision["is_recognised"], decision["route"]) == (True, "threshold")
    assert decision["figures"]["current_month_revenue"]["value"] == "1000.00"
    assert await swept(work, work.today) == 0


async def test_r16_a_cent_below_the_year_before_is_not_enough(work: Work) -> None:
    """R-16: the other side of the year's limit; a contract is the other way (OR)."""
    key = await approved(work)
    await brought(work, key, "9999.99", date(2025, 12, 31))
    await brought(work, key, "5000.00", work.today)
    assert await swept(work, work.today) == 0
    await signed(work, key, "GZ-TH", date(2026, 2, 2))
    decision = await last(work, key)
    assert (decision["is_recognised"], decision["route"]) == (True, "contract")
    assert decision["decided_by"] == cast.COUNTY_MANAGER.code


async def test_r16_a_contract_makes_a_key_account_at_once_and_only_once(work: Work) -> None:
    """R-16: contract OR threshold; what is decided already is not decided again."""
    key = await approved(work)
    for _ in range(2):
        await signed(work, key, "GZ-TH", date(2026, 2, 2))
    rows = await work.rows("SELECT is_recognised FROM recognitions ORDER BY sequence")
    assert [row["is_recognised"] for row in rows] == [False, True]


async def test_r16_revenue_of_another_month_is_no_reason_to_decide_again(work: Work) -> None:
    """R-16: the month is the current one; last month's thousand was last month's."""
    key = await approved(work)
    await brought(work, key, "20000.00", date(2025, 6, 1))
    await brought(work, key, "5000.00", date(2026, 2, 28))
    assert await swept(work, date(2026, 3, 1)) == 0
    assert await swept(work, date(2026, 2, 28)) == 1


async def test_r15_closed_and_merged_customers_are_not_assessed(work: Work) -> None:
    """R-81: the survivor is, with what both brought."""
    merged, survivor = await two(work)
    await merge(work, merged, survivor)
    await brought(work, merged, "10000.00", date(2025, 12, 31))
    await brought(work, survivor, "1000.00", work.today)
    before = await last(work, merged)
    assert await swept(work, work.today) == 1
    assert (await last(work, survivor))["is_recognised"]
    assert (await last(work, merged))["sequence"] == before["sequence"]


async def test_r78_an_opened_customer_in_whom_its_manager_has_an_interest_is_reported(
    work: Work,
) -> None:
    """R-78: an opening tells what is; nobody is assigned by it, and the report shows it at once."""
    assert await opened(work, opening()) == []
    key = told(work, CustomerChanged)[-1].customer_key
    person = cast.MANAGER_A
    command = DeclareInterest(
        staff_code=person.code,
        by=acting(person),
        kind="own-business",
        party_name="药业",
        statement="持股",
        from_on=work.today,
        customer_key=key,
    )
    await register_interest.handle(work, command)
    await enter(work, cast.PROVINCE_DIRECTOR)
    rows = await work.rows(reports.TOUCHED, today=work.today)
    assert ("manager-a", key) in {(row["relation"], row["customer_key"]) for row in rows}
