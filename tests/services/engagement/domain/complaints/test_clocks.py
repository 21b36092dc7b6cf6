"""E-39: time limits by type, tier and stage in working time, and what follows when they pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.engagement.domain.complaints.clocks import Review, breaches, clocks, level_of, review
from services.engagement.domain.complaints.complaints import (
    CallBack,
    Complaint,
    answer,
    assign,
    call_back,
    closed_by_desk,
    resolve,
    taken_in,
)
from services.engagement.domain.complaints.service_levels import (
    EscalationLevel,
    Limit,
    LimitRow,
    LimitUnit,
    OpeningSpan,
    Reckon,
    ServiceLevels,
    Stage,
)
from services.engagement.storage.complaints import reckoning
from shared.calendar import Day, WorkingCalendar
from shared.identifiers import derived_id

SITE = ZoneInfo("Asia/Shanghai")
FRIDAY_16 = datetime(2025, 3, 14, 16, 0, tzinfo=SITE)
HOUR = timedelta(hours=1)


def hours(amount: int) -> Limit:
    return Limit(amount, LimitUnit.WORKING_HOURS)


def days(amount: int) -> Limit:
    return Limit(amount, LimitUnit.WORKING_DAYS)


LEVELS = ServiceLevels(
    scheme="city-post-2012",
    hours=(
        OpeningSpan(time(8, 30), time(12, 0)),
        OpeningSpan(time(14, 0), time(17, 30)),
    ),
    rows=(
        LimitRow(Stage.ACCEPT, Limit(2, LimitUnit.HOURS)),
        LimitRow(Stage.ANSWER, days(3)),
        LimitRow(Stage.ANSWER, days(2), kinds=("complaint",)),
        LimitRow(Stage.ANSWER, hours(4), tiers=("platinum", "gold")),
        LimitRow(Stage.RESOLVE, days(5), kinds=("complaint",)),
        LimitRow(Stage.CALL_BACK, days(2)),
    ),
    levels=(
        EscalationLevel("responsible-unit", hours(0)),
        EscalationLevel("service-quality", days(1)),
        EscalationLevel("director", days(3)),
        EscalationLevel("regulator", None, is_external=True),
    ),
    call_back_attempts=3,
)
MAKE_UP_SUNDAY = date(2025, 3, 16)
CALENDAR = WorkingCalendar({}, frozenset({2025}))


def reckon(calendar: WorkingCalendar = CALENDAR) -> Reckon:
    return reckoning.by(calendar, LEVELS.hours, SITE)


def case(kind: str = "complaint", at: datetime = FRIDAY_16) -> Complaint:
    return taken_in(derived_id("complaint", 1), kind, None, at)


def due(kept: Complaint, stage: Stage, tier: str | None = None) -> datetime:
    return next(c.due_at for c in clocks(kept, LEVELS, tier, reckon()) if c.stage is stage)


def test_E_39_working_hours_stop_for_the_night_and_the_weekend() -> None:
    assert due(case(), Stage.ANSWER, "gold") == datetime(2025, 3, 17, 11, 0, tzinfo=SITE)


def test_E_39_a_make_up_working_day_counts_and_a_holiday_does_not() -> None:
    made_up = WorkingCalendar({MAKE_UP_SUNDAY: Day(True, "调休")}, frozenset({2025}))
    holiday = WorkingCalendar({date(2025, 3, 17): Day(False, "节日")}, frozenset({2025}))
    limit = hours(4)
    assert reckon(made_up)(FRIDAY_16, limit).at.date() == MAKE_UP_SUNDAY
    assert reckon(holiday)(FRIDAY_16, limit).at.date() == date(2025, 3, 18)


def test_E_39_working_days_end_with_the_day() -> None:
    assert due(case(), Stage.ANSWER) == datetime(2025, 3, 19, 0, 0, tzinfo=SITE)


def test_E_40_intake_runs_around_the_clock() -> None:
    saturday = datetime(2025, 3, 15, 23, 0, tzinfo=SITE)
    assert due(case(at=saturday), Stage.ACCEPT) == saturday + 2 * HOUR


@pytest.mark.parametrize(
    ("kind", "tier", "limit"),
    [
        ("enquiry", None, days(3)),
        ("enquiry", "vip", days(3)),
        ("complaint", "vip", days(2)),
        ("complaint", "gold", hours(4)),
        ("enquiry", "platinum", hours(4)),
    ],
)
def test_E_39_the_row_that_says_most_about_the_case_holds(
    kind: str, tier: str | None, limit: Limit
) -> None:
    assert LEVELS.limit(Stage.ANSWER, kind, tier) == limit


def test_what_no_row_covers_has_no_clock() -> None:
    stages = [c.stage for c in clocks(case("suggestion"), LEVELS, None, reckon())]
    assert stages == [Stage.ACCEPT, Stage.ANSWER]


def test_a_clock_is_breached_when_it_ends_unkept_and_not_before() -> None:
    kept = case()
    at = due(kept, Stage.ANSWER)
    running = clocks(assign(kept, "GZ", None, FRIDAY_16), LEVELS, None, reckon())
    assert breaches(kept, running, (), by=at - timedelta(seconds=1)) == []
    found = breaches(kept, running, (), by=at)
    assert [breach.clock.stage for breach in found] == [Stage.ANSWER]
    assert breaches(kept, running, [(1, Stage.ANSWER)], by=at + HOUR) == []


def test_an_answer_on_the_dot_keeps_the_limit_and_a_later_one_breaches_it() -> None:
    kept = assign(case(), "GZ", None, FRIDAY_16)
    at = due(kept, Stage.ANSWER)
    late = at + timedelta(seconds=1)
    by = at + 48 * HOUR
    for answered_at, expected in ((at, []), (late, [Stage.ANSWER])):
        running = clocks(answer(kept, answered_at), LEVELS, None, reckon())
        found = [b.clock.stage for b in breaches(kept, running, (), by)]
        assert [stage for stage in found if stage is Stage.ANSWER] == expected


def test_no_breach_is_decided_on_a_provisional_calendar() -> None:
    new_years_eve = datetime(2025, 12, 31, 9, 0, tzinfo=SITE)
    kept = assign(case(at=new_years_eve), "GZ", None, new_years_eve)
    running = clocks(kept, LEVELS, None, reckon())
    assert [c.is_provisional for c in running if c.stage is Stage.ANSWER] == [True]
    by = new_years_eve + timedelta(days=60)
    assert breaches(kept, running, (), by) == []
    assert level_of(kept, LEVELS, running, by, reckon()) == 0
    announced = WorkingCalendar({}, frozenset({2025, 2026}))
    later = clocks(kept, LEVELS, None, reckon(announced))
    assert [b.clock.stage for b in breaches(kept, later, (), by)] == [Stage.ANSWER, Stage.RESOLVE]


def test_a_closing_that_comes_late_to_us_contradicts_a_breach() -> None:
    kept = assign(case(), "GZ", None, FRIDAY_16)
    by = due(kept, Stage.RESOLVE) + HOUR
    decided = [b.clock.key for b in breaches(kept, clocks(kept, LEVELS, None, reckon()), (), by)]
    assert decided == [(1, Stage.ANSWER), (1, Stage.RESOLVE)]
    closed = closed_by_desk(kept, "closed-by-desk", FRIDAY_16 + HOUR)
    in_time = clocks(closed, LEVELS, None, reckon())
    late = clocks(kept, LEVELS, None, reckon())
    standing, withdrawn = dict.fromkeys(decided, True), dict.fromkeys(decided, False)
    assert review(in_time, standing, by) == Review(tuple(decided), ())
    assert review(late, standing, by) == Review((), ())
    assert review(late, withdrawn, by) == Review((), tuple(decided))


def test_a_tier_that_becomes_known_late_moves_the_clocks() -> None:
    kept = assign(case(), "GZ", None, FRIDAY_16)
    by = due(kept, Stage.ANSWER, "gold") + timedelta(minutes=1)
    assert breaches(kept, clocks(kept, LEVELS, None, reckon()), (), by) == []
    gold = clocks(kept, LEVELS, "gold", reckon())
    assert [b.clock.stage for b in breaches(kept, gold, (), by)] == [Stage.ANSWER]


def test_E_28_each_round_has_clocks_of_its_own_and_keeps_those_of_the_one_before() -> None:
    kept = resolve(
        answer(assign(case(), "GZ", None, FRIDAY_16), FRIDAY_16 + HOUR),
        "upheld",
        FRIDAY_16 + HOUR,
    )
    again = call_back(kept, CallBack.DISSATISFIED, 3, FRIDAY_16 + 2 * HOUR)
    running = clocks(again, LEVELS, None, reckon())
    assert [(c.round, c.stage, c.stopped_at is None) for c in running] == [
        (1, Stage.ACCEPT, False),
        (1, Stage.ANSWER, False),
        (1, Stage.RESOLVE, False),
        (1, Stage.CALL_BACK, False),
        (2, Stage.ANSWER, True),
        (2, Stage.RESOLVE, True),
    ]


def test_imported_history_raises_no_deadlines() -> None:
    assert clocks(replace(case(), is_imported=True), LEVELS, None, reckon()) == []


def test_E_39_a_case_climbs_while_the_limit_stays_unkept_and_never_to_the_regulator_by_itself() -> (
    None
):
    kept = assign(case(), "GZ", None, FRIDAY_16)
    running = clocks(kept, LEVELS, "gold", reckon())
    at = due(kept, Stage.ANSWER, "gold")

    def level(by: datetime) -> int:
        return level_of(kept, LEVELS, running, by, reckon())

    assert level(at - timedelta(minutes=1)) == 0
    assert level(at) == 1
    assert level(datetime(2025, 3, 19, 0, 0, tzinfo=SITE)) == 2
    assert level(datetime(2025, 3, 18, 23, 59, tzinfo=SITE)) == 1
    assert level(datetime(2025, 12, 1, tzinfo=SITE)) == 3


def test_E_39_a_limit_that_ended_at_midnight_is_on_the_first_level_at_once() -> None:
    kept = assign(case(), "GZ", None, FRIDAY_16)
    running = clocks(kept, LEVELS, None, reckon())
    by = due(kept, Stage.ANSWER) + timedelta(seconds=1)
    assert level_of(kept, LEVELS, running, by, reckon()) == 1


def test_what_was_done_late_climbs_no_further() -> None:
    kept = assign(case(), "GZ", None, FRIDAY_16)
    by = datetime(2025, 6, 1, tzinfo=SITE)
    done = resolve(answer(kept, by - HOUR), "upheld", by - HOUR)
    running = clocks(done, LEVELS, "gold", reckon())
    assert breaches(done, running, (), by)
    assert level_of(done, LEVELS, running, by, reckon()) == 0


def test_a_case_climbs_by_itself_up_to_the_first_level_that_takes_a_person() -> None:
    assert LEVELS.highest_automatic_level == 3
    by_person = replace(LEVELS.levels[1], after=None)
    assert (
        replace(
            LEVELS, levels=(LEVELS.levels[0], by_person, LEVELS.levels[-1])
        ).highest_automatic_level
        == 1
    )
    automatic = replace(LEVELS.levels[-1], after=days(30))
    assert replace(LEVELS, levels=(*LEVELS.levels[:-1], automatic)).highest_automatic_level == 4


def test_levels_end_with_the_external_regulator_and_have_no_other() -> None:
    inner, regulator = LEVELS.levels[0], LEVELS.levels[-1]
    for levels in ((inner,), (regulator, inner), (regulator, regulator), ()):
        with pytest.raises(ValueError, match="external"):
            replace(LEVELS, levels=levels)


def test_opening_hours_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        replace(LEVELS, hours=LEVELS.hours[::-1])
