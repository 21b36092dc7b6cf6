"""R-37: a dispute may end without a ruling, by withdrawal or by agreement of its parties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import BeforeDeclaration
from services.registry.domain.belonging.splits import NotTheWhole, Share
from services.registry.domain.cases.dispute_refusals import (
    BeforeTheCase,
    DisputeClosed,
    NoSuchSettlement,
    NotAParty,
    NothingToAppeal,
    NothingToWithdraw,
    SettlementOutOfReach,
)
from services.registry.domain.cases.disputes import Dispute, DisputeState
from services.registry.domain.cases.settlements import Settlement
from services.registry.domain.centres.organisation import NoCentre
from services.registry.handlers.cases import appeal_ruling, end_dispute, open_dispute, rule_dispute
from services.registry.handlers.cases.appeal_ruling import AppealRuling
from services.registry.handlers.cases.end_dispute import (
    AcceptSettlement,
    ProposeSettlement,
    WithdrawClaim,
)
from services.registry.handlers.cases.evidence import notice_revenue
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.storage.cases import disputes
from shared.contracts.registry import (
    DisputeClosed as DisputeClosedFact,
)
from shared.contracts.registry import DisputeOpened, OwnershipChanged, SplitChanged
from shared.work import Work
from tests.services.registry.handlers.cases.test_appealing import PANYU, ruled
from tests.services.registry.handlers.cases.test_disputing import (
    OPENED_ON,
    RULED_ON,
    claimed,
    posted,
    ruling,
)
from tests.services.registry.story import APPROVED_ON, acting, approved, told
from tests.support import cast
from tests.support.facts import published

SHENZHEN, TIANHE = acting(cast.OTHER_CITY_DIRECTOR), acting(cast.COUNTY_DIRECTOR)
HALVES = (Share("GZ-TH", Decimal("0.5")), Share("SZ", Decimal("0.5")))


async def withdrawn(work: Work, dispute: Dispute, by: Actor, on: date | None = RULED_ON) -> Dispute:
    return await end_dispute.withdraw(work, WithdrawClaim(dispute.dispute_id, by, on))


async def proposed(work: Work, dispute: Dispute, **others: Any) -> Settlement:
    """Shenzhen proposes that Tianhe keeps the customer and both share its revenue."""
    said = {
        "by": SHENZHEN,
        "owner_unit": "GZ-TH",
        "effective_on": APPROVED_ON,
        "statement": "双方各半",
        "base": HALVES,
        "on": RULED_ON,
        **others,
    }
    return await end_dispute.propose(work, ProposeSettlement(dispute.dispute_id, **said))


async def accepted(work: Work, dispute: Dispute, settlement: UUID, by: Actor) -> Dispute:
    command = AcceptSettlement(dispute.dispute_id, settlement, by, RULED_ON)
    return await end_dispute.accept(work, command)


async def test_r37_a_claim_that_is_withdrawn_changes_nothing(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    owners = len(told(work, OwnershipChanged))
    over = await withdrawn(work, dispute, SHENZHEN)
    assert (over.state, over.closed_on, over.version) == ("withdrawn", RULED_ON, 2)
    (fact,) = told(work, DisputeClosedFact)
    assert (fact.outcome, fact.settlement_id, fact.entity.version) == ("withdrawn", None, 2)
    assert len(told(work, OwnershipChanged)) == owners
    with pytest.raises(DisputeClosed):
        await rule_dispute.handle(work, ruling(dispute, expected_version=2))
    with pytest.raises(NothingToAppeal):
        await appeal_ruling.handle(work, AppealRuling(dispute.dispute_id, SHENZHEN, "再申诉"))


@pytest.mark.parametrize("day", [OPENED_ON - timedelta(days=1), OPENED_ON])
async def test_r37_r42_no_case_ends_before_the_day_on_which_it_was_opened(
    work: Work, day: date
) -> None:
    """R-42: a ruling of an earlier day would be out of time for every appeal."""
    cases = [await claimed(work, await approved(work)) for _ in range(3)]
    offer = await proposed(work, cases[1])
    endings = (
        rule_dispute.handle(work, ruling(cases[0], on=day)),
        end_dispute.accept(
            work, AcceptSettlement(cases[1].dispute_id, offer.settlement_id, TIANHE, day)
        ),
        end_dispute.withdraw(work, WithdrawClaim(cases[2].dispute_id, SHENZHEN, day)),
    )
    for ending in endings:
        if day < OPENED_ON:
            with pytest.raises(BeforeTheCase):
                await ending
        else:
            assert (await ending).state is not DisputeState.OPEN


async def test_r37_the_case_goes_on_while_somebody_claims(work: Work) -> None:
    command = OpenDispute(*(await approved(work), SHENZHEN, ["SZ", "GZ-PY"], "各有业务", OPENED_ON))
    dispute = await open_dispute.handle(work, command)
    left = await withdrawn(work, dispute, PANYU)
    assert (left.state, left.withdrawn, left.living_parties) == (
        *("open", ("GZ-PY",)),
        ("GZ-TH", "SZ"),
    )
    with pytest.raises(NothingToWithdraw):
        await withdrawn(work, dispute, PANYU)
    assert (await withdrawn(work, dispute, SHENZHEN)).state == "withdrawn"


async def test_r37_the_owner_has_nothing_to_withdraw_and_a_stranger_no_say(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    with pytest.raises(NothingToWithdraw):
        await withdrawn(work, dispute, TIANHE)
    with pytest.raises(NotAParty):
        await withdrawn(work, dispute, acting(cast.SPECIALTY))


async def test_r42_an_appellant_withdraws_the_appeal_and_the_ruling_stands(work: Work) -> None:
    first = await ruled(work)
    appeal = AppealRuling(first.dispute_id, TIANHE, "不服", RULED_ON)
    case = await appeal_ruling.handle(work, appeal)
    with pytest.raises(NothingToWithdraw):
        await withdrawn(work, case, PANYU)
    owners = len(told(work, OwnershipChanged))
    assert (await withdrawn(work, case, TIANHE)).state == "withdrawn"
    assert len(told(work, OwnershipChanged)) == owners


async def test_r37_an_agreement_of_all_parties_holds_like_a_ruling(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    settlement = await proposed(work, dispute)
    with pytest.raises(NotAParty):
        await accepted(work, dispute, settlement.settlement_id, acting(cast.PROVINCE_DIRECTOR))
    agreed = await accepted(work, dispute, settlement.settlement_id, TIANHE)
    assert (agreed.state, agreed.closed_on) == ("settled", RULED_ON)
    (fact,) = told(work, DisputeClosedFact)
    assert (fact.outcome, fact.settlement_id) == ("settled", settlement.settlement_id)
    owner, split = told(work, OwnershipChanged)[-1], told(work, SplitChanged)[-1]
    assert (owner.owner_unit, owner.ruling_id) == ("GZ-TH", settlement.settlement_id)
    assert {part.unit: str(part.share) for part in split.base} == {"GZ-TH": "0.5", "SZ": "0.5"}
    assert (split.rule, split.effective_on, split.supersedes) == ("ruling", APPROVED_ON, 1)
    row = await work.row("SELECT kind, weights, policy_name FROM rulings")
    assert row is not None
    assert (row["kind"], row["policy_name"], len(row["weights"])) == (
        *("settlement", "dispute-rules"),
        2,
    )


async def test_r37_nothing_is_settled_before_everybody_has_accepted(work: Work) -> None:
    command = OpenDispute(*(await approved(work), SHENZHEN, ["SZ", "GZ-PY"], "各有业务", OPENED_ON))
    dispute = await open_dispute.handle(work, command)
    settlement = await proposed(work, dispute)
    assert (await accepted(work, dispute, settlement.settlement_id, TIANHE)).state == "open"
    assert (await accepted(work, dispute, settlement.settlement_id, PANYU)).state == "settled"


async def test_r37_a_newer_proposal_takes_the_place_of_the_older(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    older = await proposed(work, dispute)
    newer = await proposed(work, dispute, by=TIANHE, base=())
    with pytest.raises(NoSuchSettlement):
        await accepted(work, dispute, older.settlement_id, TIANHE)
    assert (await accepted(work, dispute, newer.settlement_id, SHENZHEN)).state == "settled"
    split = told(work, SplitChanged)[-1]
    assert [part.unit for part in split.base] == ["GZ-TH"]


async def test_r37_parties_agree_about_themselves_and_nobody_else(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    foreign = (Share("GZ-PY", Decimal(1)),)
    for wrong, refusal in (
        ({"owner_unit": "GZ-PY"}, SettlementOutOfReach),
        ({"base": foreign}, SettlementOutOfReach),
        ({"owner_unit": "GZ-TH-01"}, NoCentre),
        ({"base": HALVES[:1]}, NotTheWhole),
        ({"effective_on": date(2026, 1, 4)}, BeforeDeclaration),
        ({"by": acting(cast.PROVINCE_DIRECTOR)}, NotAParty),
    ):
        with pytest.raises(refusal):
            await proposed(work, dispute, **wrong)


async def test_r37_a_dispute_that_facts_opened_can_be_given_up_too(work: Work) -> None:
    key = await approved(work)
    await notice_revenue.handle(work, [published(posted(key, "1", "SZ-NS", "50000.00"))])
    (opened,) = told(work, DisputeOpened)
    dispute = await disputes.load(work, opened.dispute_id)
    assert dispute.opened_for is None
    nanshan = Actor("N002", "SZ-NS", frozenset({"director"}))
    assert (await withdrawn(work, dispute, nanshan, work.today)).state == "withdrawn"


async def test_r37_revenue_at_places_below_and_unknown_is_weighed_when_ruled(work: Work) -> None:
    key = await approved(work)
    facts = [posted(key, "1", "SZ-NS-01", "800.00"), posted(key, "2", "XX-99", "100.00")]
    await notice_revenue.handle(work, [published(fact) for fact in facts])
    dispute = await claimed(work, key)
    await rule_dispute.handle(work, ruling(dispute))
    weights = await work.value("SELECT weights FROM rulings")
    assert {each["unit"]: each["revenue"] for each in weights} == {"GZ-TH": "0", "SZ": "800.00"}
