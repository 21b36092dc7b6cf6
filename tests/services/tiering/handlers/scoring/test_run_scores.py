"""Scoring on a real database: recorded, explained, repeated, corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from services.tiering.domain.scoring.runs import RunComplete
from services.tiering.handlers.schemes import adopt_schemes
from services.tiering.handlers.scoring import run_scores
from services.tiering.storage.schemes import schemes
from services.tiering.storage.schemes.schemes import NoActiveScheme
from services.tiering.storage.scoring import scores
from shared.contracts.envelope import Entity
from shared.contracts.registry import CustomerIdentityChanged
from shared.directory import identities
from shared.work import Work
from tests.services.tiering.handlers.scoring.scored import ELECTRONICS, INSURER, POLICE, stored
from tests.services.tiering.stories import (
    POST_2005,
    POST_2012,
    earn,
    open_proposals,
    own,
    published_facts,
    report_city,
    restate,
    run,
)
from tests.support import cast as people
from tests.support.facts import published


async def test_shipped_schemes_become_active_versions_once(work: Work) -> None:
    assert await adopt_schemes.handle(work, work.today) == 2
    assert await adopt_schemes.handle(work, work.today) == 0
    version = await schemes.active_on(work, POST_2005, date(2025, 12, 31))
    assert (version.scheme_version, version.state) == (1, "active")
    assert version.effective_on == date(2005, 1, 1)
    with pytest.raises(NoActiveScheme):
        await schemes.active_on(work, POST_2012, date(2011, 12, 31))


async def test_v3_scored_end_to_end_is_gold_with_its_explanation(work: Work) -> None:
    await own(work)
    await earn(work, {ELECTRONICS: "1500000.00"})
    await report_city(work, "1000000000.00")
    done = await run(work, POST_2005)
    assert (done.state, done.customers, done.seen) == ("complete", 6, 6)

    score = (await stored(work))[str(ELECTRONICS.key)]
    assert (score["tier"], score["raw"], str(score["shown"])) == ("gold", 80, "80.00")
    revenue, share, credit = score["explanation"]["factors"]
    assert (revenue["points"]["exact"], revenue["limited_by"]) == ("60", "cap")
    assert revenue["input"]["value"]["source"] == "dakehu.billing.revenue_posted.v1"
    assert share["points"]["exact"] == "20"
    assert share["input"]["denominator"] == {
        "unit": "GZ",
        "business_line": None,
        "year": 2025,
        "amount": "1000000000.00",
        "system": "finance",
        "ref": "UR-1",
        "reported_on": "2026-01-10",
        "version": 1,
    }
    assert credit["is_counted"] is False
    assert score["explanation"]["scheme"]["version"] == 1


async def test_a_recorded_score_is_published_with_all_that_explains_it(work: Work) -> None:
    await own(work)
    await earn(work, {ELECTRONICS: "1500000.00"})
    await report_city(work, "1000000000.00")
    await run(work, POST_2005)
    facts = await published_facts(work, "score_recorded")
    fact = next(f for f in facts if f["customer_key"] == str(ELECTRONICS.key))
    assert fact["policy"] == {"name": POST_2005, "version": 1}
    assert (fact["raw"], fact["shown"], fact["tier"]) == ("80." + "0" * 20, "80.00", "gold")
    denominator = cast("dict[str, Any]", fact["denominator"])
    assert denominator["amount"] == {"amount": "1000000000.00", "currency": "CNY"}
    assert [f["factor"] for f in cast("list[dict[str, Any]]", fact["factors"])] == [
        "revenue",
        "share",
        "credit",
    ]
    await work.finish()


async def test_who_cannot_be_scored_is_listed_with_the_reason(work: Work) -> None:
    await own(work, ELECTRONICS, replace(INSURER, owner_unit="GD"), people.SOFTWARE)
    await report_city(work, "0.00")
    done = await run(work, POST_2005)
    assert done.unscored == 6 and done.scored == 0
    rows = await work.rows("SELECT customer_key, reason FROM unscored")
    reasons = {row["customer_key"]: row["reason"] for row in rows}
    assert reasons[ELECTRONICS.key] == "denominator-not-positive"
    assert reasons[INSURER.key] == "no-unit-at-level"
    assert reasons[people.SOFTWARE.key] == "no-denominator"
    assert reasons[POLICE.key] == "no-owner"


async def test_only_customers_in_the_states_of_the_scheme_are_scored(work: Work) -> None:
    await run(work)
    scored = set(await stored(work))
    assert str(people.APPROVED.key) in scored
    for other in (people.DECLARED, people.SUSPENDED, people.CLOSED):
        assert str(other.key) not in scored


async def test_first_tiers_are_proposed_and_customers_below_all_bands_are_not(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00", INSURER: "10000.00", POLICE: "9999.99"})
    done = await run(work)
    proposed = await open_proposals(work)
    assert done.proposed == 2
    assert {key: (p.kind, p.after) for key, p in proposed.items()} == {
        ELECTRONICS.key: ("first", "gold"),
        INSURER.key: ("first", "vip"),
    }
    facts = await published_facts(work, "tier_proposed")
    assert {(f["state"], f["proposed"]) for f in facts} == {
        ("proposed", "gold"),
        ("proposed", "vip"),
    }


async def test_scoring_again_without_news_records_nothing_new(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00"})
    await run(work)
    before = await open_proposals(work)
    again = await run(work)
    assert (again.scored, again.unchanged, again.proposed) == (0, 6, 0)
    assert await open_proposals(work) == before


async def test_a_late_fact_makes_a_new_version_that_withdraws_the_old_proposal(
    work: Work,
) -> None:
    await earn(work, {ELECTRONICS: "600000.00"})
    await run(work)
    (old,) = (await open_proposals(work)).values()
    await restate(work, ELECTRONICS, "1000000.00", 2)
    again = await run(work)
    assert (again.scored, again.proposed) == (1, 1)
    (new,) = (await open_proposals(work)).values()
    assert (new.score_id, new.score_version, new.after) == (old.score_id, 2, "platinum")
    states = [f["state"] for f in await published_facts(work, "tier_proposed")]
    assert states == ["proposed", "withdrawn", "proposed"]


async def test_both_versions_of_a_score_are_kept(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00"})
    await run(work)
    (proposal,) = (await open_proposals(work)).values()
    await restate(work, ELECTRONICS, "1000000.00", 2)
    await run(work)
    first = await scores.one(work, proposal.score_id, 1)
    second = await scores.one(work, proposal.score_id)
    assert (first.raw, first.tier) == (Decimal(600000), "gold")
    assert (second.version, second.tier) == (2, "platinum")


async def test_an_earlier_cut_off_scored_later_proposes_nothing(work: Work) -> None:
    await earn(work, {ELECTRONICS: "600000.00"})
    await run(work)
    (kept,) = (await open_proposals(work)).values()
    earlier = await run(work, cut_off=date(2025, 6, 30))
    assert (earlier.scored, earlier.proposed) == (6, 0)
    assert list((await open_proposals(work)).values()) == [kept]


async def test_only_revenue_up_to_the_cut_off_counts(work: Work) -> None:
    await earn(work, {ELECTRONICS: "10000.00"}, on=date(2025, 6, 30))
    await earn(work, {ELECTRONICS: "20000.00"}, on=date(2025, 7, 1))
    await earn(work, {ELECTRONICS: "40000.00"}, on=date(2024, 12, 31))
    await run(work, cut_off=date(2025, 6, 30))
    assert (await stored(work))[str(ELECTRONICS.key)]["raw"] == 10000


async def test_a_merged_customer_is_not_scored_and_its_revenue_counts_for_the_survivor(
    work: Work,
) -> None:
    await earn(work, {ELECTRONICS: "300000.00", INSURER: "300000.00"})
    merged = CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=1),
        customer_key=INSURER.key,
        survivor=ELECTRONICS.key,
        on=date(2025, 9, 1),
    )
    await identities.follow(work, [published(merged)])
    await run(work)
    held = await stored(work)
    assert held[str(ELECTRONICS.key)]["raw"] == 600000
    assert str(INSURER.key) not in held


async def test_a_run_goes_on_batch_by_batch(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_scores, "CUSTOMERS_PER_BATCH", 4)
    first = await run(work)
    assert (first.state, first.seen, first.customers) == ("running", 4, 6)
    second = await run_scores.proceed(work, first.run_id)
    assert (second.state, second.seen, second.version) == ("complete", 6, 2)
    with pytest.raises(RunComplete):
        await run_scores.proceed(work, first.run_id)
    assert len(await stored(work)) == 6
