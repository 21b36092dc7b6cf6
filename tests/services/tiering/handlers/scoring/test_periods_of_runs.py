"""Which period is scored on which day, and what waits for the periods before."""

from __future__ import annotations

from datetime import date

import pytest

from services.tiering.domain.periods import InvalidPeriod
from services.tiering.domain.policies import ScoringCalendar, TierChanges
from services.tiering.handlers.schemes import adopt_schemes
from services.tiering.handlers.scoring import run_scores
from services.tiering.handlers.scoring.run_scores import StartRun
from services.tiering.storage.schemes.schemes import NoActiveScheme
from shared import policy
from shared.moments import InTheFuture
from shared.work import Work
from tests.services.tiering.handlers.scoring.scored import ELECTRONICS, _place, stored
from tests.services.tiering.schemes import rule
from tests.services.tiering.stories import POST_2005, POST_2012, earn, open_proposals, run


async def test_a_period_that_is_not_over_and_a_day_to_come_are_refused(work: Work) -> None:
    with pytest.raises(InvalidPeriod):
        await run(work, period="2026")
    with pytest.raises(InTheFuture):
        await run_scores.start(work, StartRun(POST_2012, "2025", None, date(2026, 3, 17), "P006"))
    with pytest.raises(NoActiveScheme):
        await run(work, "nobody-drafted-it")


async def test_a_run_on_an_earlier_business_day_knows_no_later_period(work: Work) -> None:
    with pytest.raises(InvalidPeriod):
        await run_scores.start(work, StartRun(POST_2012, "2025", None, date(2025, 12, 30), "P006"))
    done = await run_scores.start(
        work, StartRun(POST_2012, None, date(2025, 6, 30), date(2025, 7, 3), "P006")
    )
    assert done.started_on == date(2025, 7, 3)


async def test_policy_dates_score_the_last_full_period(work: Work) -> None:
    await adopt_schemes.handle(work, work.today)
    await earn(work, {ELECTRONICS: "600000.00"})
    calendar = {"dates": [{"scheme": POST_2012, "every": "year", "month": 1, "day": 20}]}
    await policy.record(
        work,
        ScoringCalendar,
        calendar,
        date(2026, 1, 1),
        author="P006",
        reason="test",
        source="ours",
    )
    assert await run_scores.due(work, date(2026, 1, 19)) == 0
    assert await run_scores.due(work, date(2026, 1, 20)) == 6
    assert (await open_proposals(work))[ELECTRONICS.key].period == "2025"


async def test_on_other_days_and_before_a_schemes_first_period_nothing_is_scored(
    work: Work,
) -> None:
    await adopt_schemes.handle(work, work.today)
    assert await run_scores.due(work, date(2004, 1, 20)) == 0
    assert await run_scores.due(work, date(2012, 1, 19)) == 0
    # The bands of 2012 have no full period behind them yet; the scheme of 2005 has.
    await run_scores.due(work, date(2012, 1, 20))
    rows = await work.rows("SELECT scheme, period FROM score_runs")
    assert [(row["scheme"], row["period"]) for row in rows] == [(POST_2005, "2011")]


async def test_grace_waits_for_the_periods_before(work: Work) -> None:
    await policy.record_parsed(
        work,
        TierChanges((rule(grace_periods=1),)),
        date(2020, 1, 1),
        author="P006",
        reason="test",
        source="ours",
    )
    await _place(work, ELECTRONICS, "gold")
    await earn(work, {ELECTRONICS: "20000.00"}, on=date(2024, 5, 5))
    await earn(work, {ELECTRONICS: "20000.00"}, on=date(2025, 5, 5))
    first = await run(work, period="2024")
    assert first.proposed == 0
    explanation = (await stored(work))[str(ELECTRONICS.key)]["explanation"]
    assert explanation["transition"]["held_by"] == "grace"
    second = await run(work, period="2025")
    assert second.proposed == 1
    (demotion,) = (await open_proposals(work)).values()
    assert (demotion.kind, demotion.before, demotion.after) == ("demotion", "gold", "vip")
