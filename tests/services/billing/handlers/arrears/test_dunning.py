"""Dunning: decided for a date from what the ledger says of it, step by step (B-13, B-24)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.domain.arrears.dunning import DunningRules, DunningStep
from shared import policy
from shared.contracts.enterprise import TariffClass
from shared.contracts.envelope import Event
from shared.work import Work
from tests.services.billing.books import charge, payment, take, told
from tests.services.billing.handlers.arrears.letters import (
    DUE,
    ISSUED,
    RAISED,
    REMINDED,
    SECOND,
    dunned,
    owed,
    reasons,
)
from tests.support.cast import ELECTRONICS


async def test_every_receivable_is_reminded_of_before_it_is_due_b_13(work: Work) -> None:
    await take(work, owed())
    assert await dunned(work, REMINDED - timedelta(days=1)) == []
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]
    (fact,) = await told(work, RAISED)
    assert fact["policy"] == {"name": "dunning", "version": 1}
    assert fact["inputs"] == {"raised_on": "2026-01-26", "days_overdue": -5, "instalments": 1}


async def test_one_letter_names_everything_that_takes_the_step_that_day(work: Work) -> None:
    await take(work, owed("C-1"), owed("C-2", "50.00", DUE + timedelta(days=1)))
    assert await dunned(work, DUE) == [("reminder", "150.00")]
    (fact,) = await told(work, RAISED)
    assert len(fact["receivables"]) == 2
    assert fact["oldest_due_on"] == DUE.isoformat()


async def test_steps_follow_each_other_and_none_is_taken_twice(work: Work) -> None:
    await take(work, owed())
    days = [REMINDED + timedelta(days=number) for number in range(90)]
    assert [step for step, _ in await dunned(work, *days, *days[-2:])] == [
        "reminder",
        "second-reminder",
        "final-notice",
    ]


async def test_the_second_step_waits_for_its_day_b_13(work: Work) -> None:
    await take(work, owed())
    await dunned(work, REMINDED)
    assert len(await dunned(work, SECOND - timedelta(days=1))) == 1
    assert await dunned(work, SECOND) == [("reminder", "100.00"), ("second-reminder", "100.00")]


async def test_the_second_step_waits_for_the_notice_of_the_first_b_24(work: Work) -> None:
    await take(work, owed())
    await dunned(work, SECOND)
    assert len(await dunned(work, SECOND + timedelta(days=4))) == 1
    assert len(await dunned(work, SECOND + timedelta(days=5))) == 2


async def test_what_is_paid_in_part_is_dunned_for_the_rest(work: Work) -> None:
    await take(work, owed(), payment(ELECTRONICS, "P-1", "99.00", "C-1"))
    assert await dunned(work, REMINDED) == [("reminder", "1.00")]


async def test_less_than_the_minimum_is_not_dunned(work: Work) -> None:
    await take(work, owed(), payment(ELECTRONICS, "P-1", "99.01", "C-1"))
    assert await dunned(work, REMINDED, SECOND) == []


@pytest.mark.parametrize("is_excluded", [True, False])
async def test_a_tariff_class_is_dunned_unless_the_rules_say_no_b_13(
    work: Work, is_excluded: bool
) -> None:
    excluded = (TariffClass.HOUSEHOLD.value,) if is_excluded else ()
    rules = DunningRules((DunningStep("reminder", -5, 0),), Decimal("1.00"), excluded)
    await policy.record_parsed(
        *(work, rules, date(2025, 1, 1)), author="test", reason="test", source="ours"
    )
    await take(work, charge(ELECTRONICS, "C-1", 10, due=DUE, tariff=TariffClass.HOUSEHOLD))
    await take(work, charge(ELECTRONICS, "C-2", 20, due=DUE))
    assert await dunned(work, REMINDED) == [("reminder", "20.00" if is_excluded else "30.00")]


async def test_a_date_that_is_caught_up_with_comes_out_as_on_the_day_b_13(work: Work) -> None:
    paid = payment(ELECTRONICS, "P-1", "100.00", "C-1", on=SECOND + timedelta(days=3))
    await take(work, owed(), paid)
    assert await dunned(work, REMINDED, SECOND, SECOND + timedelta(days=40)) == [
        ("reminder", "100.00"),
        ("second-reminder", "100.00"),
    ]
    assert await reasons(work) == []


async def test_nothing_is_asked_for_before_it_is_billed(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100, issued=DUE, due=DUE))
    assert await dunned(work, REMINDED, DUE - timedelta(days=1)) == []
    assert await dunned(work, DUE) == [("reminder", "100.00")]


async def _state(work: Work) -> list[object]:
    rows = await work.rows(
        "SELECT to_jsonb(items) AS kept FROM items UNION ALL SELECT to_jsonb(charges) FROM charges"
        " UNION ALL SELECT to_jsonb(journal) FROM journal"
    )
    return [row["kept"] for row in rows]


async def test_disconnection_is_a_fact_of_the_last_step_and_changes_nothing_b_24(
    work: Work,
) -> None:
    steps = (
        DunningStep("reminder", -5, 0),
        DunningStep("final-notice", 30, 15),
        DunningStep("disconnection", 60, 7),
    )
    await policy.record_parsed(
        *(work, DunningRules(steps, Decimal("1.00")), date(2025, 1, 1)),
        author="test",
        reason="test",
        source="ours",
    )
    await take(work, owed())
    last = DUE + timedelta(days=60)
    before = await _state(work)
    taken = await dunned(work, REMINDED, last - timedelta(days=7), last - timedelta(days=1), last)
    assert [step for step, _ in taken] == ["reminder", "final-notice", "disconnection"]
    assert await _state(work) == before, "what follows is for those who hear the fact"
    fact = (await told(work, RAISED))[-1]
    assert (fact["level"], fact["policy"]["version"], fact["as_of"]) == (3, 2, last.isoformat())
    assert await dunned(work, *(last + timedelta(days=n) for n in range(1, 60))) == taken


async def test_disconnection_waits_for_the_notice_of_the_step_before_b_24(work: Work) -> None:
    steps = DunningStep("final-notice", 30, 0), DunningStep("disconnection", 31, 7)
    await policy.record_parsed(
        *(work, DunningRules(steps, Decimal("1.00")), date(2025, 1, 1)),
        author="test",
        reason="test",
        source="ours",
    )
    await take(work, owed())
    noticed = DUE + timedelta(days=40)
    assert len(await dunned(work, noticed, noticed + timedelta(days=6))) == 1
    assert len(await dunned(work, noticed + timedelta(days=7))) == 2


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    charges=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 30), st.integers(1, 300)),
        min_size=1,
        max_size=3,
    ),
    payments=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 300)), max_size=4),
    asked=st.lists(st.integers(0, 90), min_size=1, max_size=8, unique=True).map(sorted),
)
async def test_letters_are_a_function_of_the_ledger_at_each_date_b_13(
    work: Work,
    charges: list[tuple[int, int, int]],
    payments: list[tuple[int, int]],
    asked: list[int],
) -> None:
    """Facts that come on their days with dunning in between, or all of them before it."""
    dated: list[tuple[int, Event]] = [
        (issued, charge(ELECTRONICS, f"C-{n}", amount, issued=_day(issued), due=_day(issued + due)))
        for n, (issued, due, amount) in enumerate(charges)
    ]
    dated += [
        (on, payment(ELECTRONICS, f"P-{n}", amount, on=_day(on)))
        for n, (on, amount) in enumerate(payments)
    ]
    dated.sort(key=lambda pair: pair[0])
    ends = []
    for at_once in (False, True):
        async with work.connection.begin_nested() as savepoint:
            rest = list(dated)
            for number in asked:
                due = [fact for day, fact in rest if at_once or day <= number]
                rest = [] if at_once else [pair for pair in rest if pair[0] > number]
                await take(work, *due)
                await dunned(work, _day(number))
            ends.append([(fact["entity"], fact["overdue"]) for fact in await told(work, RAISED)])
            assert await reasons(work) == []
            await savepoint.rollback()
    assert ends[0] == ends[1]


def _day(number: int) -> date:
    return ISSUED + timedelta(days=number)
