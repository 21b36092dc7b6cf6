"""Dunning: decided for a date from the ledger, held by disputes, taken back when it was wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.domain.arrears.dunning import DunningRules, DunningStep
from services.billing.handlers.arrears import dun, leave_alone
from services.billing.handlers.arrears.leave_alone import DunAgain, EndedBefore, LeaveAlone
from shared import policy
from shared.contracts.engagement import ComplaintChanged, ComplaintState
from shared.contracts.enterprise import ComplaintKind, TariffClass
from shared.contracts.envelope import Entity, Event, FactRef
from shared.errors import Invalid
from shared.work import Work
from tests.services.billing.books import (
    cancelled,
    charge,
    enter,
    finish,
    merged,
    payment,
    take,
    told,
)
from tests.support.cast import ELECTRONICS, FINANCE, INSURER

RAISED = "dakehu.billing.dunning_raised.v1"
WITHDRAWN = "dakehu.billing.dunning_withdrawn.v1"
ISSUED, DUE = date(2026, 1, 1), date(2026, 1, 31)
REMINDED, SECOND = DUE - timedelta(days=5), DUE + timedelta(days=7)
COMPLAINT = uuid4()


def owed(ref: str = "C-1", amount: str = "100.00", due: date = DUE) -> Event:
    return charge(ELECTRONICS, ref, amount, issued=ISSUED, due=due)


def disputed(
    ref: str,
    *,
    state: ComplaintState = ComplaintState.OPEN,
    version: int = 1,
    opened: datetime = datetime(2026, 1, 20, 9, tzinfo=UTC),
    resolved: datetime | None = None,
    kind: str = "charge_raised",
    imported: bool = False,
) -> ComplaintChanged:
    return ComplaintChanged(
        entity=Entity(type="complaint", id=str(COMPLAINT), version=version),
        customer_key=ELECTRONICS.key,
        complaint_id=COMPLAINT,
        state=state,
        kind=ComplaintKind.COMPLAINT,
        channel="phone",
        occurred_at=opened,
        opened_at=opened,
        disputed=FactRef(system="erp", type=kind, ref=ref),
        resolved_at=resolved,
        is_imported=imported,
    )


async def dunned(work: Work, *days: date) -> list[tuple[str, str]]:
    """(step, overdue) of everything raised on these days, one after the other."""
    for day in days:
        await dun.handle(work, day)
    await finish(work)
    return [(fact["step"], fact["overdue"]["amount"]) for fact in await told(work, RAISED)]


async def reasons(work: Work) -> list[str]:
    return [fact["reason"] for fact in await told(work, WITHDRAWN)]


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


async def test_a_payment_of_an_earlier_day_takes_the_step_back_b_13(work: Work) -> None:
    await take(work, owed())
    await dunned(work, REMINDED, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=DUE))
    await dunned(work, SECOND + timedelta(days=1))
    # The reminder went out while the money was owed; only the second step was wrong.
    assert await reasons(work) == ["paid-before"]
    (fact,) = await told(work, WITHDRAWN)
    assert (fact["step"], fact["entity"]["version"]) == ("second-reminder", 2)
    await dunned(work, SECOND + timedelta(days=2))
    assert await reasons(work) == ["paid-before"]


async def test_a_payment_of_a_later_day_takes_nothing_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=SECOND + timedelta(days=1)))
    await dunned(work, SECOND + timedelta(days=2))
    assert await reasons(work) == []


async def test_a_letter_that_was_wrong_in_part_is_told_again_without_that_part(work: Work) -> None:
    await take(work, owed("C-1"), owed("C-2", "50.00"))
    await dunned(work, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=DUE))
    assert await dunned(work, SECOND + timedelta(days=1)) == [
        ("reminder", "150.00"),
        ("reminder", "50.00"),
    ]
    assert [fact["entity"]["version"] for fact in await told(work, RAISED)] == [1, 2]


async def test_a_charge_that_is_cancelled_takes_the_step_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, SECOND)
    await take(work, cancelled("X-1", "C-1", on=DUE))
    await dunned(work, SECOND + timedelta(days=1))
    assert await reasons(work) == ["charge-cancelled"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_dispute_holds_dunning_even_before_the_charge_is_known_b_17(
    work: Work, order: tuple[int, ...]
) -> None:
    facts = [disputed("C-1"), owed()]
    for number in order:
        await take(work, facts[number])
    assert await dunned(work, REMINDED, SECOND) == []


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_settled_dispute_lets_dunning_go_on(work: Work, newest_first: bool) -> None:
    settled = disputed(
        "C-1",
        state=ComplaintState.RESOLVED,
        version=2,
        resolved=datetime(2026, 2, 10, 9, tzinfo=UTC),
    )
    facts = [disputed("C-1"), settled]
    for fact in reversed(facts) if newest_first else facts:
        await take(work, fact)
    await take(work, owed())
    assert await dunned(work, date(2026, 2, 11)) == [("reminder", "100.00")]


async def test_a_dispute_that_is_heard_of_late_takes_the_step_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, REMINDED)
    await take(work, disputed("C-1"))
    await dunned(work, REMINDED + timedelta(days=1))
    assert await reasons(work) == ["disputed"]


async def test_history_and_disputes_about_other_things_hold_nothing(work: Work) -> None:
    await take(work, owed(), disputed("C-1", kind="payment_received"))
    await take(work, disputed("C-1", imported=True, version=2))
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]


async def test_households_are_dunned_like_others_unless_the_rules_say_no(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 10, due=DUE, tariff=TariffClass.HOUSEHOLD))
    assert await dunned(work, REMINDED) == [("reminder", "10.00")]


async def test_whoever_is_left_alone_is_not_dunned_until_the_last_day(work: Work) -> None:
    await enter(work, FINANCE)
    await take(work, owed())
    command = LeaveAlone(ELECTRONICS.key, "水灾 / flood", until_on=REMINDED, on=ISSUED)
    await leave_alone.handle(work, command)
    assert await dunned(work, REMINDED) == []
    assert await dunned(work, REMINDED + timedelta(days=1)) == [("reminder", "100.00")]


async def test_an_exclusion_is_ended_by_a_person_once(work: Work) -> None:
    await enter(work, FINANCE)
    made = await leave_alone.handle(work, LeaveAlone(ELECTRONICS.key, "协商", on=ISSUED))
    ended = await leave_alone.end(work, DunAgain(made.exclusion_id, 1, REMINDED))
    assert (ended.until_on, ended.ended_by) == (
        REMINDED - timedelta(days=1),
        FINANCE.code,
    )
    with pytest.raises(EndedBefore):
        await leave_alone.end(work, DunAgain(made.exclusion_id, 2, REMINDED))
    await take(work, owed())
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]


async def test_an_exclusion_does_not_end_before_it_begins(work: Work) -> None:
    await enter(work, FINANCE)
    command = LeaveAlone(ELECTRONICS.key, "-", until_on=ISSUED - timedelta(days=1), on=ISSUED)
    with pytest.raises(Invalid):
        await leave_alone.handle(work, command)


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


async def test_a_complaint_holds_from_the_day_it_was_opened(work: Work) -> None:
    opened = datetime(2026, 1, 27, 9, tzinfo=UTC)
    await take(work, owed(), disputed("C-1", opened=opened))
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]
    assert await dunned(work, SECOND) == [("reminder", "100.00")]
    assert await reasons(work) == []


@pytest.mark.parametrize("is_merged", [True, False])
async def test_whoever_is_left_alone_is_so_under_all_its_keys(work: Work, is_merged: bool) -> None:
    await enter(work, FINANCE)
    await take(work, charge(INSURER, "C-2", 100, issued=ISSUED, due=DUE))
    if is_merged:
        await take(work, merged(INSURER, ELECTRONICS))
    await leave_alone.handle(work, LeaveAlone(ELECTRONICS.key, "协商", on=ISSUED))
    assert bool(await dunned(work, REMINDED)) is not is_merged


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
