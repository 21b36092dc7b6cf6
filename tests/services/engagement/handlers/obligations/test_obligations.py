"""Obligations on the real database: what facts make of them, and what is told."""

from __future__ import annotations

from datetime import date, timedelta

from services.engagement.domain.obligations.cadence import CadencePlan
from services.engagement.handlers.obligations import open_obligations
from services.engagement.storage.accounts import accounts
from shared import policy
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged
from shared.work import Work
from tests.services.engagement.events import (
    NEW_YEAR,
    classed,
    moved,
    owned,
    tiered,
    visited,
)
from tests.services.engagement.stories import (
    comprehensive_gold,
    hear,
    receive,
    states,
    sweep,
    sweep_through,
    told,
)
from tests.support.cast import (
    COUNTY_MANAGER,
    DECLARED,
    ELECTRONICS,
    INSURER,
    MANAGER_A,
    SHIPAI,
)

CENTRE, MANAGER = "centre-comprehensive-gold-monthly", "manager-gold-monthly"
FEBRUARY = date(2025, 2, 1)


async def test_C7_a_month_opens_with_one_obligation_for_each_role(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    assert await states(work, ELECTRONICS) == []
    await sweep(work, NEW_YEAR)
    assert await states(work, ELECTRONICS) == [
        (CENTRE, NEW_YEAR, "due", 0),
        (MANAGER, NEW_YEAR, "due", 0),
    ]
    centre, manager = told(work, "obligation_changed")
    assert (centre["role"], centre["required"]) == ("marketing-centre-manager", 1)
    assert (manager["role"], manager["required"]) == ("account-manager", 2)
    assert manager["staff_code"] == COUNTY_MANAGER.code
    assert (manager["from_on"], manager["due_on"], manager["period"]) == (
        "2025-01-01",
        "2025-01-31",
        "2025-01",
    )
    assert manager["inputs"]["unit"] == "GZ-TH"
    assert manager["policy"] == {"name": "cadence", "version": 1}
    assert manager["as_of"] == "2025-01-01"


async def test_C7_visits_meet_the_obligation_of_the_role_that_made_them(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await receive(
        work,
        visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A),
        visited("V2", ELECTRONICS, date(2025, 1, 13), MANAGER_A),
    )
    assert await states(work, ELECTRONICS) == [
        (CENTRE, NEW_YEAR, "met", 2),
        (MANAGER, NEW_YEAR, "due", 0),
    ]


async def test_E_11_a_visit_in_the_course_of_business_meets_nothing(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A, kind="business"))
    assert (CENTRE, NEW_YEAR, "due", 0) in await states(work, ELECTRONICS)


async def test_what_is_unmet_after_its_last_day_is_missed_with_what_was_known(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6)))
    await sweep(work, date(2025, 1, 31))
    assert {state for _, _, state, _ in await states(work, ELECTRONICS)} == {"due"}
    await sweep(work, FEBRUARY)
    assert (MANAGER, NEW_YEAR, "missed", 1) in await states(work, ELECTRONICS)
    missed = [f for f in told(work, "obligation_changed") if f["state"] == "missed"]
    assert [(f["rule"], f["as_of"], f["done"]) for f in missed] == [
        (CENTRE, "2025-02-01", 0),
        (MANAGER, "2025-02-01", 1),
    ]
    assert missed[1]["inputs"]["tier"] == "gold"


async def test_a_late_visit_revises_a_missed_obligation_and_the_decision_stays(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR, FEBRUARY)
    await receive(work, visited("V1", ELECTRONICS, date(2025, 1, 20), MANAGER_A))
    assert (CENTRE, NEW_YEAR, "met", 1) in await states(work, ELECTRONICS)
    revision = told(work, "obligation_changed")[-1]
    assert (revision["state"], revision["inputs"]["revises"]) == ("met", "missed")
    decisions = await work.rows(
        "SELECT number, kind, as_of, reason FROM obligation_decisions WHERE code = :code"
        " ORDER BY number",
        code=CENTRE,
    )
    assert [(row["number"], row["kind"], row["as_of"], row["reason"]) for row in decisions] == [
        (1, "missed", FEBRUARY, None),
        (2, "revised", FEBRUARY, "met-after-all"),
    ]


async def test_a_fact_that_comes_again_is_told_nothing_about(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6)))
    before = len(told(work, "obligation_changed"))
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, date(2025, 1, 2))
    assert len(told(work, "obligation_changed")) == before


async def test_the_tier_of_the_governing_scheme_alone_sets_the_cadence(work: Work) -> None:
    await hear(
        work,
        classed(ELECTRONICS, "comprehensive"),
        tiered(ELECTRONICS, "gold", scheme="guangdong-post-2005"),
    )
    await sweep(work, NEW_YEAR)
    assert await states(work, ELECTRONICS) == []


async def test_a_promotion_in_the_month_counts_from_the_next_month_on(work: Work) -> None:
    await hear(work, tiered(ELECTRONICS, "vip"))
    await sweep(work, NEW_YEAR)
    await hear(work, tiered(ELECTRONICS, "gold", date(2025, 1, 15), version=2))
    await sweep_through(work, date(2025, 1, 2), FEBRUARY)
    assert [(code, first_on) for code, first_on, *_ in await states(work, ELECTRONICS)] == [
        (MANAGER, FEBRUARY),
        ("manager-vip-monthly", NEW_YEAR),
    ]


async def test_a_tier_that_comes_late_withdraws_what_was_never_owed(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await hear(work, tiered(ELECTRONICS, "vip", date(2024, 12, 1), version=2))
    assert {(code, state) for code, _, state, _ in await states(work, ELECTRONICS)} == {
        (CENTRE, "withdrawn"),
        (MANAGER, "withdrawn"),
        ("manager-vip-monthly", "due"),
    }


async def test_another_owner_answers_for_what_is_still_open(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await hear(work, owned(ELECTRONICS, "GZ-PY", date(2025, 1, 20), version=2))
    unit = "SELECT DISTINCT unit FROM obligations WHERE state = 'due'"
    assert await work.value(unit) == "GZ-TH"
    await sweep_through(work, date(2025, 1, 2), date(2025, 1, 20))
    assert await work.value(unit) == "GZ-PY"


async def test_who_changes_units_later_was_still_a_centre_manager_on_the_day(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    await receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A))
    await hear(work, moved(MANAGER_A, SHIPAI.code, date(2025, 1, 20)))
    assert (CENTRE, NEW_YEAR, "met", 1) in await states(work, ELECTRONICS)
    await hear(work, moved(MANAGER_A, SHIPAI.code, date(2025, 1, 5), version=3))
    assert (CENTRE, NEW_YEAR, "due", 0) in await states(work, ELECTRONICS)
    assert (MANAGER, NEW_YEAR, "due", 1) in await states(work, ELECTRONICS)


async def test_R_20_a_customer_that_is_only_declared_is_owed_nothing(work: Work) -> None:
    await hear(work, tiered(DECLARED, "gold"))
    await sweep(work, NEW_YEAR)
    assert await states(work, DECLARED) == []


async def test_a_new_plan_is_taken_up_by_the_next_sweep(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)
    body = {**(await policy.history(work, CadencePlan.policy_name))[-1].body, "rows": []}
    await policy.record(
        work, CadencePlan, body, NEW_YEAR, author="G001", reason="停办", source="ours"
    )
    await sweep(work, date(2025, 1, 2))
    assert {state for _, _, state, _ in await states(work, ELECTRONICS)} == {"withdrawn"}


async def test_C8_who_is_covered_by_no_row_is_noted_with_the_reason(work: Work) -> None:
    await hear(
        work,
        tiered(ELECTRONICS, "diamond"),
        owned(INSURER),
    )
    await sweep(work, NEW_YEAR)
    gaps = await work.rows("SELECT customer_key, gap FROM accounts")
    assert {row["customer_key"]: row["gap"] for row in gaps} == {
        ELECTRONICS.key: "no-row",
        INSURER.key: "no-tier",
    }


async def test_a_merged_customer_is_owed_nothing_and_its_visits_count_for_the_survivor(
    work: Work,
) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    await comprehensive_gold(work, INSURER)
    await sweep(work, NEW_YEAR)
    await receive(work, visited("V1", INSURER, date(2025, 1, 6), MANAGER_A))

    await hear(work, _merged(version=1, survivor=True))
    assert {state for _, _, state, _ in await states(work, INSURER)} == {"withdrawn"}
    assert (CENTRE, NEW_YEAR, "met", 1) in await states(work, ELECTRONICS)

    await hear(work, _merged(version=2, survivor=False))
    assert (CENTRE, NEW_YEAR, "met", 1) in await states(work, INSURER)
    assert (CENTRE, NEW_YEAR, "due", 0) in await states(work, ELECTRONICS)


def _merged(version: int, survivor: bool) -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=version),
        customer_key=INSURER.key,
        survivor=ELECTRONICS.key if survivor else None,
        on=date(2025, 1, 10),
    )


async def test_a_quiet_day_looks_at_nobody(work: Work) -> None:
    await comprehensive_gold(work, ELECTRONICS)
    assert await open_obligations.handle(work, NEW_YEAR) == 1
    assert await open_obligations.handle(work, NEW_YEAR + timedelta(days=1)) == 0
    assert await accounts.awake(work, date(2025, 1, 24), 1, 10) == []
    assert await accounts.awake(work, date(2025, 1, 25), 1, 10) == [ELECTRONICS.key]
