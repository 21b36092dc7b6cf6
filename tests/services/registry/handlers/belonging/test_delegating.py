"""R-42: authority is lent to a centre below for some time, and respected when somebody decides."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import (
    Delegation,
    DelegationEnded,
    DelegationOutOfReach,
    NotADecider,
    OnlyTheProvinceDecides,
    Power,
)
from services.registry.domain.belonging.leads import LeadCredit
from services.registry.domain.belonging.precedence import RuleFamily, SplitPrecedence
from services.registry.domain.centres.organisation import NoCentre
from services.registry.domain.proof.declaration_refusals import NotTheSuperior
from services.registry.handlers.belonging import delegate_authority, renew_split
from services.registry.handlers.belonging.delegate_authority import (
    DelegateAuthority,
    RevokeDelegation,
)
from services.registry.handlers.proof import approve_declaration
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from shared.contracts.registry import OwnershipChanged, SplitChanged
from shared.errors import StaleVersion
from shared.policy import record_parsed
from shared.work import Work
from tests.services.registry.handlers.belonging.test_leads_and_bases import FROM_BRANCH
from tests.services.registry.story import (
    DECLARED_ON,
    Declaring,
    acting,
    approved,
    commit,
    declared,
    proposed,
    told,
)
from tests.support import cast

PROVINCE, CITY = acting(cast.PROVINCE_DIRECTOR), acting(cast.CITY_DIRECTOR)
BY_CITY = Declaring(by=cast.CITY_ADMINISTRATOR)
LONGEST = 366


async def lent(
    work: Work,
    to_unit: str = "GZ",
    days: int = 1,
    by: Actor = PROVINCE,
    power: Power = Power.APPROVE_DECLARATIONS,
) -> Delegation:
    """Authority for so many days, today included."""
    until = work.today + timedelta(days=days - 1)
    command = DelegateAuthority(by, to_unit, (power,), until, "省局暂时委托")
    return await delegate_authority.grant(work, command)


async def approval(work: Work, by: Actor, how: Declaring = BY_CITY) -> UUID:
    """The city's own declaration, approved today."""
    declaration = await proposed(work, await declared(work, how))
    command = ApproveDeclaration(
        declaration.declaration_id, by, declaration.version, work.today, reason="受托核准"
    )
    await approve_declaration.handle(work, command)
    return declaration.customer_key


async def test_r42_a_city_approves_its_own_declarations_while_the_province_lends_it_that(
    work: Work,
) -> None:
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY)
    granted = await lent(work)
    await approval(work, CITY)
    assert told(work, OwnershipChanged)[-1].owner_unit == "GZ"
    chained = await work.rows("SELECT c::text AS entry FROM declaration_chain c")
    inputs = " ".join(row["entry"] for row in chained)
    assert str(granted.delegation_id) in inputs, "the chain says in whose place it was approved"


async def test_r42_not_after_the_last_day_nor_before_the_first(work: Work) -> None:
    await lent(work)
    await commit(work)
    work.today += timedelta(days=1)
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY)
    begins = work.today + timedelta(days=1)
    command = DelegateAuthority(
        *(PROVINCE, "GZ", (Power.APPROVE_DECLARATIONS,), begins, "委托"), from_on=begins
    )
    await delegate_authority.grant(work, command)
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY)


async def test_r42_a_delegate_approves_within_its_own_territory_alone(work: Work) -> None:
    await lent(work)
    elsewhere = Declaring(by=cast.CITY_ADMINISTRATOR, units={"development_unit": "SZ"})
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY, elsewhere)


async def test_r42_the_power_to_rule_is_not_the_power_to_approve(work: Work) -> None:
    await lent(work, power=Power.RULE_DISPUTES)
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY)


@pytest.mark.parametrize(
    ("days", "is_allowed"), [(0, False), (1, True), (LONGEST, True), (LONGEST + 1, False)]
)
async def test_r42_a_delegation_ends_and_lasts_no_longer_than_the_policy_allows(
    work: Work, days: int, is_allowed: bool
) -> None:
    if is_allowed:
        assert (await lent(work, days=days)).holds(work.today)
        return
    with pytest.raises(DelegationOutOfReach):
        await lent(work, days=days)


async def test_r42_only_downwards_to_a_centre_and_by_a_director(work: Work) -> None:
    for to_unit, by in (("GD", PROVINCE), ("SZ", CITY), ("GZ", CITY)):
        with pytest.raises(DelegationOutOfReach):
            await lent(work, to_unit, by=by)
    with pytest.raises(NoCentre):
        await lent(work, "GZ-TH-01", by=CITY)
    with pytest.raises(NotADecider):
        await lent(work, by=acting(cast.PROVINCE_ADMINISTRATOR))
    yesterday = work.today - timedelta(days=1)
    early = DelegateAuthority(
        *(PROVINCE, "GZ", (Power.RULE_DISPUTES,), work.today, "委托"), from_on=yesterday
    )
    with pytest.raises(DelegationOutOfReach):
        await delegate_authority.grant(work, early)


async def test_r42_who_lent_it_takes_it_back_once(work: Work) -> None:
    granted = await lent(work, days=30)
    with pytest.raises(OnlyTheProvinceDecides):
        await delegate_authority.revoke(work, RevokeDelegation(granted.delegation_id, CITY, 1))
    with pytest.raises(StaleVersion):
        await delegate_authority.revoke(work, RevokeDelegation(granted.delegation_id, PROVINCE, 2))
    over = await delegate_authority.revoke(
        work, RevokeDelegation(granted.delegation_id, PROVINCE, 1)
    )
    assert not over.holds(work.today)
    with pytest.raises(DelegationEnded):
        await delegate_authority.revoke(work, RevokeDelegation(granted.delegation_id, PROVINCE, 2))
    with pytest.raises(NotTheSuperior):
        await approval(work, CITY)


async def test_c16_a_new_order_of_precedence_shares_anew_from_its_day_on(work: Work) -> None:
    await approved(work, FROM_BRANCH)
    await commit(work)
    order = SplitPrecedence((RuleFamily.RULING, RuleFamily.DEFAULT))
    await record_parsed(work, order, work.today, author="P002", reason="试行", source="测试")
    assert await renew_split.changed_policies(work, work.today) == 1
    assert await renew_split.changed_policies(work, work.today) == 0
    (split,) = told(work, SplitChanged)
    assert (split.rule, split.effective_on) == ("default", work.today)


async def test_r05_a_credit_that_is_changed_for_earlier_days_is_followed(work: Work) -> None:
    await approved(work, FROM_BRANCH)
    await commit(work)
    assert await renew_split.changed_policies(work, date(2026, 2, 1)) == 0
    credit = LeadCredit(Decimal("0.5"), 12)
    await record_parsed(work, credit, DECLARED_ON, author="P002", reason="改", source="测试")
    await renew_split.changed_policies(work, work.today)
    shares = {part.unit: str(part.share) for part in told(work, SplitChanged)[0].base}
    assert shares == {"GZ-TH": "0.5", "GZ-TH-01": "0.5"}
