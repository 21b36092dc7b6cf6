"""R-81: two customers become one, everything is kept, and the decision can be undone."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.identity.merge_refusals import (
    CannotMerge,
    NotMerged,
    NotTheMerger,
    StalePreview,
)
from services.registry.domain.identity.merging import Identity, Obstacle
from services.registry.domain.people.handovers import HandoverReason
from services.registry.handlers import republish
from services.registry.handlers.archive import write_part
from services.registry.handlers.archive.write_part import WritePart
from services.registry.handlers.cases import ask_to_market, open_dispute
from services.registry.handlers.cases.ask_to_market import AskToMarket
from services.registry.handlers.cases.evidence import notice_revenue
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.handovers import start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.identity import ask_existence, merge_customers
from services.registry.handlers.identity.merge_customers import MergeCustomers, UndoMerge
from services.registry.storage.cases import disputes
from services.registry.storage.identity import identities
from services.registry.storage.identity.likeness import Described
from services.registry.storage.register import customers
from services.registry.storage.tables import metadata
from shared.contracts.registry import CustomerChanged, CustomerIdentityChanged, DisputeOpened
from shared.directory import identities as directory
from shared.service import Runtime
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import posted
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    commit,
    declared,
    lent,
    managed,
    mechanics,
    registered,
    told,
)
from tests.support import cast
from tests.support.facts import published

DIRECTOR = acting(cast.CITY_DIRECTOR)
ON = date(2026, 2, 2)


async def two(work: Work) -> tuple[UUID, UUID]:
    """The same works, declared twice, once under another name."""
    twice = mechanics(name="广州南方机械（天河）厂", codes=[("erp", "C-2")])
    merged = await registered(work, Declaring(customer=twice))
    survivor = await registered(work, Declaring(customer=mechanics(codes=[("erp", "C-1")])))
    return merged.customer.customer_key, survivor.customer.customer_key


async def merge(work: Work, merged: UUID, survivor: UUID, on: date = ON) -> Identity:
    """The director of the city decides what he has seen."""
    both = await identities.preview(work, merged, survivor)
    command = MergeCustomers(merged, survivor, DIRECTOR, "同一客户", both.stamp, on)
    return await merge_customers.handle(work, command)


async def test_r81_a_merge_keeps_keys_ids_and_codes_and_tells_who_is_whom(work: Work) -> None:
    merged, survivor = await two(work)
    decided = await merge(work, merged, survivor)
    assert (decided.version, decided.survivor) == (1, survivor)
    assert await directory.roots(work, [merged]) == {merged: survivor}
    (fact,) = told(work, CustomerIdentityChanged)
    assert (fact.customer_key, fact.survivor, fact.entity.version, fact.on) == (
        *(merged, survivor),
        *(1, ON),
    )
    kept = await customers.load(work, merged)
    assert kept.customer_id == "44010600001000"
    assert await customers.codes(work, merged) == [("erp", "C-2")]
    last = {each.customer_key: each.entity.version for each in told(work, CustomerChanged)}
    assert last == {merged: 4, survivor: 4}
    steps = await work.rows(
        "SELECT customer_key, step FROM customer_changes WHERE version = 4 ORDER BY step"
    )
    assert [(row["customer_key"], row["step"]) for row in steps] == [
        (merged, "merged"),
        (survivor, "took-in"),
    ]


async def test_r81_the_journal_keeps_what_both_held(work: Work) -> None:
    merged, survivor = await two(work)
    await merge(work, merged, survivor)
    sides = await work.value("SELECT preview FROM identities")
    assert sides["merged"]["codes"] == ["erp:C-2"]
    assert sides["survivor"]["customer_id"] == "44010600002000"
    assert sides["merged"]["counts"]["declarations"] == 1


# Parts of what is counted, or what is shown of a customer anyhow; misuse is nobody's business here.
_NOT_COUNTED = {
    *("customers", "customer_codes", "customer_search", "issued_under", "scopes", "identities"),
    *("ownerships", "splits", "managers", "manager_swaps", "signatures", "tiers", "scores"),
    *("developer_proposals", "document_waivers", "flag_resolutions", "service_pauses"),
    *("dispute_evidence", "dispute_facts", "rulings", "settlements", "settlement_answers"),
    *("archives", "archive_custodians", "archive_secrets", "archive_erasures"),
    *("archive_confirmations", "archive_overdue_notices", "archive_request_steps"),
    *("archive_asset_steps", "archive_loan_steps", "archive_audit"),
    *("handover_marks", "rotation_steps", "misuse_cases", "duplicate_questions"),
    *("customer_names",),
}


def test_r81_a_preview_counts_everything_that_is_kept_of_a_customer() -> None:
    """R-81: whoever adds a table says whether a preview shows it."""
    kept = {name for name, table in metadata.tables.items() if "customer_key" in table.c}
    assert kept - _NOT_COUNTED == set(identities.COUNTED)


async def test_r81_a_preview_names_parts_loans_and_hand_overs(work: Work) -> None:
    """R-81: what will be resolved to the survivor, and what somebody has to finish."""
    merged, survivor = await two(work)
    await managed(work, merged)
    place, by = Place(Section.BASIC), acting(cast.COUNTY_MANAGER)
    await write_part.handle(work, WritePart(merged, place, BasicPart(size="大型"), by, "建档", 0))
    loan = await lent(work, merged)
    command = StartHandover(
        *(cast.COUNTY_MANAGER.code, HandoverReason.REASSIGNMENT, (merged,)),
        *(acting(cast.COUNTY_DIRECTOR), {merged: cast.MANAGER_B.code}),
    )
    started = await start.handle(work, command)
    both = await identities.preview(work, merged, survivor)
    side = both.sides["merged"]
    assert side["under_way"] == {
        "hand-overs": [str(started.handover_id)],
        "loans": [str(loan)],
    }
    counts = side["counts"]
    assert [counts[f"archive_{each}"] for each in ("versions", "assets", "loans")] == [1, 1, 1]
    assert both.sides["survivor"]["under_way"] == {}


async def test_r81_an_undone_merge_is_a_newer_version_without_survivor(work: Work) -> None:
    merged, survivor = await two(work)
    done = await merge(work, merged, survivor)
    command = UndoMerge(merged, done.merge_id, DIRECTOR, "误判", date(2026, 2, 5))
    undone = await merge_customers.undo(work, command)
    assert (undone.version, undone.survivor) == (2, None)
    assert await directory.roots(work, [merged]) == {merged: merged}
    assert [fact.survivor for fact in told(work, CustomerIdentityChanged)] == [survivor, None]
    with pytest.raises(NotMerged):
        await merge_customers.undo(work, command)
    again = await merge(work, merged, survivor, date(2026, 2, 6))
    assert again.version == 3
    assert await directory.roots(work, [merged]) == {merged: survivor}


async def test_r81_who_decides_on_an_old_preview_is_told_to_look_again(work: Work) -> None:
    merged, survivor = await two(work)
    seen = (await identities.preview(work, merged, survivor)).stamp
    await customers.link(work, merged, "crm", "77")
    with pytest.raises(StalePreview):
        await merge_customers.handle(
            work, MergeCustomers(merged, survivor, DIRECTOR, "同一客户", seen, ON)
        )


async def test_r81_an_open_dispute_stands_against_a_merge(work: Work) -> None:
    merged, survivor = await two(work)
    await open_dispute.handle(work, OpenDispute(merged, DIRECTOR, ["GZ-PY"], "业务在番禺"))
    with pytest.raises(CannotMerge) as refused:
        await merge(work, merged, survivor)
    assert refused.value.facts["obstacles"] == [Obstacle.DISPUTED.value]


async def test_r81_what_is_only_declared_is_refused_and_not_merged(work: Work) -> None:
    survivor = await approved(work)
    pending = (await declared(work)).customer_key
    with pytest.raises(CannotMerge) as refused:
        await merge(work, pending, survivor)
    assert refused.value.facts["obstacles"] == [Obstacle.PENDING.value]


async def test_r81_a_circle_is_refused_and_a_chain_is_followed(work: Work) -> None:
    a, b = await two(work)
    c = (await registered(work)).customer.customer_key
    await merge(work, a, b)
    with pytest.raises(CannotMerge) as refused:
        await merge(work, b, a)
    assert refused.value.facts["obstacles"] == [Obstacle.CIRCLE.value]
    with pytest.raises(CannotMerge) as refused:
        await merge(work, c, a)
    assert refused.value.facts["obstacles"] == [Obstacle.SURVIVOR_MERGED.value]
    with pytest.raises(CannotMerge) as refused:
        await merge(work, a, c)
    assert refused.value.facts["obstacles"] == [Obstacle.MERGED.value]
    of_b = await merge(work, b, c)
    assert await directory.roots(work, [a, b, c]) == {a: c, b: c, c: c}
    await merge_customers.undo(work, UndoMerge(b, of_b.merge_id, DIRECTOR, "误判", ON))
    assert await directory.roots(work, [a, b, c]) == {a: b, b: b, c: c}


async def test_r81_a_director_below_one_of_both_owners_does_not_decide(work: Work) -> None:
    merged, survivor = await two(work)
    seen = (await identities.preview(work, merged, survivor)).stamp
    for person in (cast.OTHER_CITY_DIRECTOR, cast.CITY_DEPUTY):
        command = MergeCustomers(merged, survivor, acting(person), "同一客户", seen, ON)
        with pytest.raises(NotTheMerger):
            await merge_customers.handle(work, command)


async def test_r81_the_answer_to_does_it_exist_names_the_survivor(work: Work) -> None:
    merged, survivor = await two(work)
    await merge(work, merged, survivor)
    asked = Described(name="广州南方机械（天河）厂")
    answer = await ask_existence.handle(work, acting(cast.CITY_ADMINISTRATOR), asked)
    assert [each.customer_key for each in answer.alike] == [survivor]


async def test_r81_who_is_whom_is_told_again_to_a_service_that_was_away(work: Work) -> None:
    merged, survivor = await two(work)
    done = await merge(work, merged, survivor)
    await commit(work)
    assert await republish.REPUBLISH["identities"](work, None) is None
    assert [fact.survivor for fact in told(work, CustomerIdentityChanged)] == [survivor]
    await merge_customers.undo(work, UndoMerge(merged, done.merge_id, DIRECTOR, "误判", ON))
    await commit(work)
    await republish.REPUBLISH["identities"](work, None)
    assert [fact.entity.version for fact in told(work, CustomerIdentityChanged)] == [2]


async def test_r81_of_two_who_undo_a_merge_at_once_one_is_told_that_it_holds_no_more(
    process: Runtime,
) -> None:
    async with process.works.begin() as work:
        merged, survivor = await two(work)
        merge_id = (await merge(work, merged, survivor)).merge_id

    async def undo() -> None:
        async with process.works.begin() as work:
            command = UndoMerge(merged, merge_id, DIRECTOR, "两个客户", ON)
            await merge_customers.undo(work, command)

    outcomes = await asyncio.gather(undo(), undo(), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, NotMerged)


async def test_r81_r37_business_elsewhere_of_both_together_is_a_case_about_the_survivor(
    work: Work,
) -> None:
    """R-37: 6 000 and 4 000 yuan reach the limit; half of it alone does not, whoever brought it."""
    merged, survivor = await two(work)
    await merge(work, merged, survivor)
    await notice_revenue.handle(work, [published(posted(merged, "1", "SZ-NS", "6000.00"))])
    assert told(work, DisputeOpened) == []
    await notice_revenue.handle(work, [published(posted(survivor, "2", "SZ-NS", "4000.00"))])
    (case,) = told(work, DisputeOpened)
    assert case.customer_key == survivor
    said = await disputes.evidence_of(work, case.dispute_id)
    by_kind = {(piece.kind.value, piece.unit): (piece.count, piece.amount) for piece in said}
    assert by_kind["revenue", "SZ-NS"] == (2, Decimal("10000.00"))
    assert len([piece for piece in said if piece.kind.value == "declaration"]) == 2


async def test_r81_r37_apart_again_each_has_its_own_business_elsewhere(work: Work) -> None:
    """R-81: undone, the sums are what they were."""
    merged, survivor = await two(work)
    done = await merge(work, merged, survivor)
    await merge_customers.undo(work, UndoMerge(merged, done.merge_id, DIRECTOR, "误判", ON))
    facts = [posted(merged, "1", "SZ-NS", "9999.99"), posted(survivor, "2", "SZ-NS", "9999.99")]
    await notice_revenue.handle(work, [published(fact) for fact in facts])
    assert told(work, DisputeOpened) == []
    await notice_revenue.handle(work, [published(posted(merged, "3", "SZ-NS", "0.01"))])
    assert [case.customer_key for case in told(work, DisputeOpened)] == [merged]


async def test_r81_r46_who_asked_before_the_merge_asks_the_survivors_owner(work: Work) -> None:
    """R-46: the answer named a customer that is part of another by now."""
    merged, survivor = await two(work)
    stranger = acting(cast.OTHER_CITY_MANAGER)
    asked = Described(name="广州南方机械（天河）厂")
    answer = await ask_existence.handle(work, stranger, asked)
    place = [each.customer_key for each in answer.alike].index(merged)
    await merge(work, merged, survivor)
    command = AskToMarket(stranger, answer.question_id, place, "推广快递业务", "快递")
    assert (await ask_to_market.ask(work, command)).customer_key == survivor
