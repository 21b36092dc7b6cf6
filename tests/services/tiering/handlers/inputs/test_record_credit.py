"""Credit from billing as an indicator (T-01, C4): kept, read as the latest, weighed when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

from services.tiering.consumers import CONSUMERS
from services.tiering.domain.periods import period_ending
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.storage.inputs import inputs, usage
from shared.contracts.billing import CreditAssessed
from shared.contracts.envelope import Entity
from shared.work import Work
from tests.services.tiering.events import money, used
from tests.services.tiering.schemes import post_2005
from tests.support.cast import ELECTRONICS, INSURER, Customer
from tests.support.facts import published, reported

DECEMBER = date(2025, 12, 31)


def assessed(
    score: str | None, version: int = 1, until: date = DECEMBER, customer: Customer = ELECTRONICS
) -> CreditAssessed:
    return CreditAssessed(
        entity=Entity(type="credit", id=str(customer.key), version=version),
        customer_key=customer.key,
        as_of=date(2026, 1, 1),
        exposure=money("0.00"),
        period_from_on=date(2025, 1, 1),
        period_until_on=until,
        score=None if score is None else Decimal(score),
    )


async def take(work: Work, *events: CreditAssessed) -> None:
    await CONSUMERS.dispatch(work, [published(event) for event in events])


async def latest(work: Work, customer: Customer = ELECTRONICS) -> Decimal | None:
    found = await usage.read(work, [customer.key], "credit", date(2025, 1, 1), DECEMBER)
    reading = found.get(customer.key)
    return None if reading is None else reading.latest


def weighing(scheme: Scheme) -> Scheme:
    """The scheme of 2005 with ten points of share given to credit."""
    weights = {"revenue": Decimal(60), "share": Decimal(30), "credit": Decimal(10)}
    return replace(
        scheme,
        factors=tuple(
            replace(
                each,
                weight=weights[each.name],
                full_at=Decimal(100) if each.name == "credit" else each.full_at,
            )
            for each in scheme.factors
        ),
    )


async def test_t01_the_latest_assessment_in_the_period_is_read(work: Work) -> None:
    told = [
        assessed("70.5", 1, until=date(2025, 10, 31)),
        assessed("81.25", 2, until=date(2025, 11, 30)),
        assessed("99", 3, until=date(2026, 1, 31)),
        assessed(None, 4),
    ]
    for order in permutations(told):
        savepoint = await work.connection.begin_nested()
        for each in order:
            await take(work, each, each)
        assert await latest(work) == Decimal("81.25")
        await savepoint.rollback()


async def test_c4_credit_counts_for_nothing_in_2005_and_where_a_scheme_weighs_it(
    work: Work,
) -> None:
    await take(work, assessed("81.25"), assessed("50", customer=INSURER))
    keys = [ELECTRONICS.key]
    scheme = post_2005()
    period = period_ending(scheme.window, DECEMBER)
    assert "credit" not in {factor.name for factor in scheme.counted}
    assert "credit" in {factor.name for factor in weighing(scheme).counted}
    only_credit = replace(weighing(scheme), factors=(weighing(scheme).factors[-1],))
    found = (await inputs.gather(work, only_credit, period, keys))[ELECTRONICS.key]
    assert isinstance(found, dict)
    credit = found["credit"].value
    assert (credit.value, credit.source) == (
        Decimal("81.25"),
        "dakehu.billing.credit_assessed.v1",
    )


async def test_t01_a_grade_that_another_system_reports_says_so(work: Work) -> None:
    metered = used("U-1", ELECTRONICS, "60", metric="credit", period="2025-12")
    await CONSUMERS.dispatch(work, [reported(metered)])
    await take(work, assessed("70.5", until=date(2025, 11, 30)))
    assert await latest(work) == Decimal(60)
    scheme = replace(weighing(post_2005()), factors=(weighing(post_2005()).factors[-1],))
    period = period_ending(scheme.window, DECEMBER)
    found = (await inputs.gather(work, scheme, period, [ELECTRONICS.key]))[ELECTRONICS.key]
    assert isinstance(found, dict)
    assert found["credit"].value.source == "enterprise.usage_recorded.v1"
