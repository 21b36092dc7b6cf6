"""R-42: an appeal goes to the next higher centre, once for each ruling; the province is final."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import Power
from services.registry.domain.cases.dispute_refusals import (
    AppealOutOfTime,
    DisputeOpenAlready,
    NotAParty,
    NothingToAppeal,
    NotTheJudge,
)
from services.registry.domain.cases.disputes import Dispute
from services.registry.handlers.belonging import delegate_authority
from services.registry.handlers.belonging.delegate_authority import (
    DelegateAuthority,
    RevokeDelegation,
)
from services.registry.handlers.cases import appeal_ruling, open_dispute, rule_dispute
from services.registry.handlers.cases.appeal_ruling import AppealRuling
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.storage.cases import disputes
from shared.contracts.registry import DisputeOpened, DisputeRuled, OwnershipChanged, SplitChanged
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import OPENED_ON, RULED_ON, ruling
from tests.services.registry.story import acting, approved, commit, told
from tests.support import cast

PANYU = Actor("N001", "GZ-PY", frozenset({"director"}))
LAST_DAY = RULED_ON + timedelta(days=15)


async def between_counties(work: Work) -> Dispute:
    """Panyu claims a customer of Tianhe; the city rules."""
    command = OpenDispute(await approved(work), PANYU, ["GZ-PY"], "业务在番禺", OPENED_ON)
    return await open_dispute.handle(work, command)


async def ruled(work: Work, **others: Any) -> Dispute:
    """The city leaves the customer with Tianhe."""
    dispute = await between_counties(work)
    said = {"by": acting(cast.CITY_DIRECTOR), "owner_unit": "GZ-TH", **others}
    return await rule_dispute.handle(work, ruling(dispute, **said))


async def appealed(work: Work, dispute: Dispute, by: Actor = PANYU, on: date = RULED_ON) -> Dispute:
    """Panyu appeals on the day of the ruling."""
    work.today = max(work.today, on)
    command = AppealRuling(dispute.dispute_id, by, "裁决未考虑收入", on)
    return await appeal_ruling.handle(work, command)


async def test_r42_a_party_appeals_to_the_next_higher_centre(work: Work) -> None:
    first = await ruled(work)
    case = await appealed(work, first)
    (city,) = told(work, DisputeRuled)
    assert not city.is_final
    fact = told(work, DisputeOpened)[-1]
    assert (fact.ruling_unit, fact.parties, fact.appeal_of) == (
        *("GD", ("GZ-PY", "GZ-TH")),
        city.ruling_id,
    )
    said = [
        (piece.unit, piece.statement)
        for piece in await disputes.evidence_of(work, case.dispute_id)
        if piece.statement
    ]
    assert said == [("GZ-PY", "业务在番禺"), ("GZ-PY", "裁决未考虑收入")]


async def test_r42_the_ruling_on_appeal_supersedes_and_is_the_provinces_last_word(
    work: Work,
) -> None:
    first = await ruled(work)
    case = await appealed(work, first)
    by = acting(cast.PROVINCE_DIRECTOR)
    await rule_dispute.handle(work, ruling(case, by=by, owner_unit="GZ-PY"))
    city, province = told(work, DisputeRuled)
    assert (province.is_final, province.supersedes) == (True, city.ruling_id)
    owner, split = told(work, OwnershipChanged)[-1], told(work, SplitChanged)[-1]
    assert (owner.owner_unit, owner.ruling_id) == ("GZ-PY", province.ruling_id)
    assert (split.base[0].unit, split.ruling_id) == ("GZ-PY", province.ruling_id)
    assert split.supersedes == split.entity.version - 1
    with pytest.raises(NothingToAppeal):
        await appealed(work, await disputes.load(work, case.dispute_id))


async def test_r42_until_then_the_first_ruling_holds(work: Work) -> None:
    first = await ruled(work, owner_unit="GZ-PY")
    owners = len(told(work, OwnershipChanged))
    await appealed(work, first, acting(cast.COUNTY_DIRECTOR))
    assert len(told(work, OwnershipChanged)) == owners
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ-PY"


@pytest.mark.parametrize(("days", "is_in_time"), [(0, True), (15, True), (16, False), (-1, False)])
async def test_r42_an_appeal_comes_within_the_policys_days(
    work: Work, days: int, is_in_time: bool
) -> None:
    first = await ruled(work)
    on = RULED_ON + timedelta(days=days)
    if is_in_time:
        assert (await appealed(work, first, on=on)).opened_on == on
        return
    with pytest.raises(AppealOutOfTime) as refusal:
        await appealed(work, first, on=on)
    assert refusal.value.facts["last_on"] == LAST_DAY.isoformat()


async def test_r42_each_ruling_is_appealed_against_once(work: Work) -> None:
    first = await ruled(work)
    case = await appealed(work, first)
    with pytest.raises(NothingToAppeal):
        await appealed(work, first, acting(cast.COUNTY_DIRECTOR))
    with pytest.raises(NothingToAppeal):
        await appealed(work, case)


async def test_r42_only_parties_appeal_and_not_while_another_case_is_open(work: Work) -> None:
    first = await ruled(work)
    for stranger in (cast.OTHER_CITY_DIRECTOR, cast.CITY_DIRECTOR, cast.PROVINCE_DIRECTOR):
        with pytest.raises(NotAParty):
            await appealed(work, first, acting(stranger))
    claim = OpenDispute(
        *(first.customer_key, acting(cast.OTHER_CITY_DIRECTOR), ["SZ"]),
        *("总部在深圳", RULED_ON),
    )
    await open_dispute.handle(work, claim)
    with pytest.raises(DisputeOpenAlready):
        await appealed(work, first)


async def lent(work: Work, to_unit: str, until_on: date, *powers: Power) -> DelegateAuthority:
    """The province lends authority from today on."""
    command = DelegateAuthority(
        *(acting(cast.PROVINCE_DIRECTOR), to_unit, powers or (Power.RULE_DISPUTES,)),
        *(until_on, "省局暂时委托"),
    )
    await delegate_authority.grant(work, command)
    return command


async def between_cities(work: Work) -> Dispute:
    """Nanshan's customer is claimed by the express bureau; the province would rule."""
    command = OpenDispute(
        *(await approved(work), acting(cast.SPECIALTY), ["GD-EMS"], "速递业务", OPENED_ON)
    )
    return await open_dispute.handle(work, command)


async def test_r42_a_delegate_rules_in_the_place_of_the_province_and_is_not_final(
    work: Work,
) -> None:
    dispute = await between_cities(work)
    shenzhen = acting(cast.OTHER_CITY_DIRECTOR)
    command = ruling(dispute, by=shenzhen, owner_unit="GZ-TH", on=work.today)
    with pytest.raises(NotTheJudge):
        await rule_dispute.handle(work, command)
    await lent(work, "SZ", work.today)
    await rule_dispute.handle(work, command)
    (fact,) = told(work, DisputeRuled)
    assert (fact.ruling_unit, fact.is_final) == ("GD", False)
    assert "delegation_id" in fact.inputs
    case = await appealed(work, dispute, acting(cast.SPECIALTY), work.today)
    assert case.ruling_unit == "GD", "the province itself has the last word"
    with pytest.raises(NotTheJudge):
        command = ruling(case, by=acting(cast.CITY_DIRECTOR), on=work.today)
        await rule_dispute.handle(work, command)


async def test_r42_a_delegation_holds_on_its_last_day_and_not_after(work: Work) -> None:
    dispute = await between_cities(work)
    last_on = work.today
    await lent(work, "SZ", last_on)
    await commit(work)
    work.today = last_on + timedelta(days=1)
    shenzhen = acting(cast.OTHER_CITY_DIRECTOR)
    late = ruling(dispute, by=shenzhen, owner_unit="GZ-TH", on=work.today)
    with pytest.raises(NotTheJudge):
        await rule_dispute.handle(work, late)
    on_time = ruling(dispute, by=shenzhen, owner_unit="GZ-TH", on=last_on)
    await rule_dispute.handle(work, on_time)


async def test_r42_nobody_rules_the_own_case_by_delegation_nor_without_the_power(
    work: Work,
) -> None:
    dispute = await between_cities(work)
    await lent(work, "GZ", work.today)
    await lent(work, "SZ", work.today, Power.APPROVE_DECLARATIONS)
    for person in (cast.CITY_DIRECTOR, cast.OTHER_CITY_DIRECTOR):
        command = ruling(dispute, by=acting(person), owner_unit="GZ-TH", on=work.today)
        with pytest.raises(NotTheJudge):
            await rule_dispute.handle(work, command)


async def test_r42_a_delegation_that_was_taken_back_holds_no_more(work: Work) -> None:
    dispute = await between_cities(work)
    by = acting(cast.PROVINCE_DIRECTOR)
    command = DelegateAuthority(by, "SZ", (Power.RULE_DISPUTES,), date(2026, 12, 31), "委托")
    granted = await delegate_authority.grant(work, command)
    await delegate_authority.revoke(work, RevokeDelegation(granted.delegation_id, by, 1))
    ruling_ = ruling(dispute, by=acting(cast.OTHER_CITY_DIRECTOR), on=work.today)
    with pytest.raises(NotTheJudge):
        await rule_dispute.handle(work, ruling_)
