"""R-37, R-44, R-45: opened, evidenced, ruled; ownership and split follow from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.belonging.contracts import Contract
from services.registry.domain.belonging.ownership import NobodyOwns
from services.registry.domain.belonging.splits import NotTheWhole, Share
from services.registry.domain.cases.dispute_refusals import (
    DisputeClosed,
    DisputeOpenAlready,
    NotAParty,
    NotTheJudge,
)
from services.registry.domain.cases.disputes import Dispute
from services.registry.handlers.belonging import sign_contract
from services.registry.handlers.belonging.sign_contract import SignContract
from services.registry.handlers.cases import open_dispute, rule_dispute
from services.registry.handlers.cases.evidence import notice_revenue, notice_visits, submit_evidence
from services.registry.handlers.cases.evidence.submit_evidence import SubmitEvidence
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.cases.rule_dispute import RuleDispute
from services.registry.storage.cases import disputes
from shared.contracts.billing import RevenuePosted, RevenueShare, ShareKind
from shared.contracts.engagement import VisitRecorded
from shared.contracts.envelope import Entity, MoneyAmount, SourceRef
from shared.contracts.registry import (
    DisputeOpened,
    DisputeRuled,
    OwnershipChanged,
    ScopeChanged,
    SplitChanged,
)
from shared.errors import StaleVersion
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.registry.story import (
    APPROVED_ON,
    DECLARED_ON,
    acting,
    approved,
    declared,
    signed,
    told,
)
from tests.support import cast
from tests.support.facts import published

OPENED_ON, RULED_ON = date(2026, 2, 10), date(2026, 3, 10)
PARTS = (Share("GZ-TH", Decimal("0.7")), Share("SZ", Decimal("0.3")))


def posted(key: UUID, ref: str, place: str, amount: str, version: int = 1) -> RevenuePosted:
    """Revenue that arose at `place`, as billing posted it."""
    posting, money = derived_id("posting", ref), MoneyAmount(amount=Decimal(amount), currency="CNY")
    return RevenuePosted(
        entity=Entity(type="posting", id=str(posting), version=version),
        customer_key=key,
        posting_id=posting,
        source=SourceRef(system="erp", ref=ref),
        occurred_on=date(2026, 2, 5),
        business_line="函件",
        occurred_at_unit=place,
        amount=money,
        shares=(RevenueShare(unit="GZ-TH", amount=money, kind=ShareKind.BASE),),
        rule="default",
    )


def visited(key: UUID, name: str, by: str, unit: str | None, version: int = 1) -> VisitRecorded:
    """A visit, as engagement recorded it."""
    visit = derived_id("visit", name)
    return VisitRecorded.model_validate(
        {
            "entity": {"type": "visit", "id": str(visit), "version": version},
            "customer_key": key,
            "visit_id": visit,
            "kind": "dedicated",
            "channel": "visit",
            "visitors": (by,),
            "unit": unit,
            "target_level": "key-decision-maker",
            "occurred_on": "2026-02-05",
            "started_at": "2026-02-05T09:00:00+08:00",
        }
    )


async def claimed(work: Work, key: UUID, by: cast.Person = cast.OTHER_CITY_DIRECTOR) -> Dispute:
    """Shenzhen claims a customer of Tianhe."""
    command = OpenDispute(key, acting(by), ["SZ"], "客户总部在深圳签约", OPENED_ON)
    return await open_dispute.handle(work, command)


def ruling(dispute: Dispute, **others: Any) -> RuleDispute:
    """The province gives the customer to Shenzhen from the day of its approval on."""
    said = {
        "by": acting(cast.PROVINCE_DIRECTOR),
        "expected_version": 1,
        "owner_unit": "SZ",
        "effective_on": APPROVED_ON,
        "reason": "签约机构在深圳",
        "on": RULED_ON,
        **others,
    }
    return RuleDispute(dispute.dispute_id, **said)


async def test_r37_a_claim_opens_a_case_for_the_next_higher_centre(work: Work) -> None:
    key = await approved(work)
    dispute = await claimed(work, key)
    (fact,) = told(work, DisputeOpened)
    assert (fact.parties, fact.ruling_unit, fact.due_on) == (
        *(("GZ-TH", "SZ"), "GD"),
        OPENED_ON + timedelta(days=30),
    )
    assert "总部" not in fact.model_dump_json()
    pieces = await disputes.evidence_of(work, dispute.dispute_id)
    assert [(piece.kind.value, piece.unit) for piece in pieces] == [
        ("declaration", "GZ-TH"),
        ("statement", "SZ"),
    ]


async def test_r37_the_parties_and_the_judge_see_the_case_and_no_archive(work: Work) -> None:
    key = await approved(work)
    await claimed(work, key)
    grants = told(work, ScopeChanged)[-1].grants
    assert {grant.unit for grant in grants if grant.aspect == "dispute"} == {"GD", "GZ-TH", "SZ"}
    assert {grant.aspect.value for grant in grants if grant.unit == "SZ"} == {"dispute"}


async def test_r37_evidence_comes_from_declarations_visits_contracts_and_revenue(
    work: Work,
) -> None:
    key = await approved(work)
    contract = await signed(work, key, "GZ-TH", date(2026, 2, 2))
    await notice_visits.handle(
        work,
        [
            published(visited(key, "1", "T001", "GZ-TH")),
            published(visited(key, "2", cast.OTHER_CITY_MANAGER.code, None)),
            published(visited(key, "2", cast.OTHER_CITY_MANAGER.code, None, 2)),
        ],
    )
    await notice_revenue.handle(
        work,
        [
            published(posted(key, "1", "SZ-NS", "900.00")),
            published(posted(key, "2", "SZ-NS", "-100.00")),
            published(posted(key, "3", "GZ-TH-01", "50.00")),
        ],
    )
    dispute = await claimed(work, key)
    found = {
        (piece.kind.value, piece.unit, piece.count, piece.amount)
        for piece in await disputes.evidence_of(work, dispute.dispute_id)
        if piece.kind.value != "statement"
    }
    assert found == {
        ("declaration", "GZ-TH", 1, None),
        ("contract", "GZ-TH", 1, None),
        ("visit", "GZ-TH", 1, None),
        ("visit", "SZ", 1, None),
        ("revenue", "SZ-NS", 2, Decimal("800.00")),
        ("revenue", "GZ-TH-01", 1, Decimal("50.00")),
    }
    assert contract.signed_at_unit == "GZ-TH"


async def test_r37_a_ruling_gives_owner_and_split_from_its_day_on_and_names_what_it_restates(
    work: Work,
) -> None:
    key = await approved(work)
    dispute = await claimed(work, key)
    await rule_dispute.handle(work, ruling(dispute, base=PARTS))
    (ruled,) = told(work, DisputeRuled)
    owner, split = told(work, OwnershipChanged)[-1], told(work, SplitChanged)[-1]
    assert (owner.owner_unit, owner.rule, owner.supersedes) == ("SZ", "ruling", 1)
    assert (owner.ruling_id, split.ruling_id) == (ruled.ruling_id, ruled.ruling_id)
    assert [(part.unit, str(part.share)) for part in split.base] == [
        ("GZ-TH", "0.7"),
        ("SZ", "0.3"),
    ]
    assert (split.effective_on, split.supersedes, split.rule) == (APPROVED_ON, 1, "ruling")
    assert (split.entity.id, split.entity.version) == (str(split.split_id), 2)
    assert (ruled.is_final, ruled.as_of, ruled.effective_on) == (True, RULED_ON, APPROVED_ON)
    assert ruled.policy is not None
    assert ruled.policy.name == "dispute-rules"
    weights: Any = ruled.inputs["parties"]
    assert weights[0] == {
        "unit": "GZ-TH",
        "first_declared_on": DECLARED_ON.isoformat(),
        "contracts": 0,
        "visits": 0,
        "revenue": "0",
    }
    order = [type(outgoing.fact).__name__ for outgoing in work._collected.published][-4:]
    assert order == ["DisputeRuled", "OwnershipChanged", "SplitChanged", "ScopeChanged"]


async def test_r44_a_ruling_may_tell_the_increment_from_the_base(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    whole = (Share("GZ-TH", Decimal(1)),)
    command = ruling(dispute, base=whole, increment=PARTS, base_amount=Decimal("80000.00"))
    await rule_dispute.handle(work, command)
    split = told(work, SplitChanged)[-1]
    assert split.base_amount == MoneyAmount(amount=Decimal("80000.00"), currency="CNY")
    assert [part.unit for part in split.increment] == ["GZ-TH", "SZ"]


async def test_r45_shares_that_are_not_the_whole_are_refused(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    with pytest.raises(NotTheWhole):
        await rule_dispute.handle(work, ruling(dispute, base=PARTS[:1]))
    assert told(work, DisputeRuled) == []


async def test_r37_a_ruling_without_shares_gives_the_owner_everything(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    await rule_dispute.handle(work, ruling(dispute))
    split = told(work, SplitChanged)[-1]
    assert [(part.unit, str(part.share)) for part in split.base] == [("SZ", "1")]
    assert split.rule == "ruling"


async def test_r37_only_the_ruling_centre_rules_and_only_once(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    for person in (cast.CITY_DIRECTOR, cast.OTHER_CITY_DIRECTOR, cast.PROVINCE_ADMINISTRATOR):
        with pytest.raises(NotTheJudge):
            await rule_dispute.handle(work, ruling(dispute, by=acting(person)))
    with pytest.raises(StaleVersion):
        await rule_dispute.handle(work, ruling(dispute, expected_version=2))
    await rule_dispute.handle(work, ruling(dispute))
    with pytest.raises(DisputeClosed):
        await rule_dispute.handle(work, ruling(dispute, expected_version=2))


async def test_r37_a_contract_after_a_ruling_changes_nothing_between_the_parties(
    work: Work,
) -> None:
    key = await approved(work)
    await rule_dispute.handle(work, ruling(await claimed(work, key), base=PARTS))
    owners, splits = len(told(work, OwnershipChanged)), len(told(work, SplitChanged))
    contract = Contract(derived_id("late"), key, "GZ-TH", RULED_ON)
    await sign_contract.handle(work, SignContract(contract, acting(cast.OTHER_CITY_MANAGER)))
    assert len(told(work, OwnershipChanged)) == owners
    assert len(told(work, SplitChanged)) == splits
    assert len(told(work, DisputeOpened)) == 1


async def test_r37_one_dispute_at_a_time_and_only_by_a_party(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(NotAParty):
        await claimed(work, key, cast.SPECIALTY)
    await claimed(work, key)
    with pytest.raises(DisputeOpenAlready):
        await claimed(work, key)


async def test_before_the_approval_there_is_nothing_to_dispute(work: Work) -> None:
    declaration = await declared(work)
    with pytest.raises(NobodyOwns):
        await claimed(work, declaration.customer_key)


async def test_r37_a_party_puts_statements_before_the_case(work: Work) -> None:
    dispute = await claimed(work, await approved(work))
    statement = SubmitEvidence(dispute.dispute_id, acting(cast.COUNTY_DIRECTOR), "我方先行申报")
    await submit_evidence.handle(work, statement)
    said = {
        (piece.unit, piece.statement)
        for piece in await disputes.evidence_of(work, dispute.dispute_id)
        if piece.statement
    }
    assert ("GZ-TH", "我方先行申报") in said
    stranger = SubmitEvidence(dispute.dispute_id, acting(cast.SPECIALTY), "与我无关")
    with pytest.raises(NotAParty):
        await submit_evidence.handle(work, stranger)
