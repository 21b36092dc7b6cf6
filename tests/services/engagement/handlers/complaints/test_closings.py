"""Other desks close their cases, late and out of order."""

from __future__ import annotations

from datetime import date

from shared.work import Work
from tests.services.engagement.events import closed, complained
from tests.services.engagement.handlers.complaints.cases import (
    HOUR,
    NINE,
    breached,
    case_of,
    opened,
)
from tests.services.engagement.stories import receive, refused, sweep_through, told, waiting


async def test_a_closing_that_comes_late_withdraws_the_breaches_it_contradicts(
    work: Work,
) -> None:
    await opened(work)
    await sweep_through(work, date(2025, 3, 15), date(2025, 3, 20))
    assert [stage for stage, _ in breached(work)] == ["accept", "answer"]
    await receive(work, closed("K1", NINE + HOUR))
    withdrawn = told(work, "complaint_breached")[2:]
    assert [(f["stage"], f["entity"]["version"]) for f in withdrawn] == [
        ("accept", 2),
        ("answer", 2),
    ]
    assert all(f["inputs"]["is_withdrawn"] for f in withdrawn)
    stored = await work.rows(
        "SELECT version, is_withdrawn FROM complaint_breaches WHERE stage = 'answer'"
        " ORDER BY version"
    )
    assert [(row["version"], row["is_withdrawn"]) for row in stored] == [(1, False), (2, True)]


async def test_a_closing_before_its_case_waits_and_is_taken_with_it(work: Work) -> None:
    await receive(work, closed("K1", NINE + HOUR))
    assert await waiting(work) == [("complaint", "erp:K1")]
    await work.finish()
    await receive(work, complained("K1", NINE))
    await work.finish()
    assert (await case_of(work, "K1")).case.state.value == "closed"


async def test_a_case_and_its_closing_in_one_batch_need_no_waiting(work: Work) -> None:
    await receive(work, closed("K1", NINE + HOUR), complained("K1", NINE))
    assert await waiting(work) == []
    kept = await case_of(work, "K1")
    assert (kept.case.state.value, kept.case.result) == ("closed", "closed-by-desk")


async def test_E_38_a_closing_without_a_result_or_before_the_opening_is_refused(
    work: Work,
) -> None:
    await receive(work, complained("K1", NINE), complained("K2", NINE))
    await receive(work, closed("K1", NINE + HOUR, result=" "), closed("K2", NINE - HOUR))
    assert refused(work) == ["complaint-result-missing", "complaint-time-runs-forward"]
    assert (await case_of(work, "K1")).case.is_open


async def test_a_system_closes_its_own_cases_only(work: Work) -> None:
    await receive(work, complained("K1", NINE))
    await receive(work, closed("K1", NINE + HOUR), system="oa")
    assert await waiting(work) == [("complaint", "oa:K1")]
