"""Three signatures before any money, and what becomes of the paper."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.authorities import AgentNotAuthorised
from services.billing.domain.objects.deposits import Kind
from services.billing.domain.objects.preliminary_agreements import (
    AnotherPrice,
    NotSignedByAll,
    NotYourSignature,
    PreliminaryNotOpen,
)
from services.billing.domain.objects.purchase_rules import Party, PurchaseRules
from services.billing.handlers.objects import (
    close_deposit,
    preliminary_agreements,
    sign_agreement,
    take_deposit,
)
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.preliminary_agreements import SignPreliminary
from services.billing.handlers.objects.take_deposit import TakeDeposit
from shared import policy
from shared.errors import Invalid
from shared.policy_body import to_json
from shared.work import Work
from tests.services.billing.books import agreed, enter
from tests.services.billing.handlers.objects.deals import (
    ROOM,
    authority,
    deposited,
    signed,
    signing,
    taking,
)
from tests.support.cast import (
    CITY_DIRECTOR,
    ELECTRONICS,
    FINANCE,
    MANAGER_A,
    MANAGER_B,
    SUPERVISOR,
    Person,
)


@pytest.mark.parametrize("lacking", list(Party))
async def test_no_deposit_is_taken_before_three_have_signed_b_05(
    work: Work, lacking: Party
) -> None:
    people = {Party.CUSTOMER: MANAGER_A, Party.SALESPERSON: MANAGER_A, Party.MANAGER: SUPERVISOR}
    del people[lacking]
    await agreed(work, ELECTRONICS, ROOM, "109000", signing=tuple(people.items()))
    await enter(work, FINANCE)
    command = TakeDeposit(ELECTRONICS.key, ROOM, Kind.SMALL, Decimal(500), Decimal("109000"))
    with pytest.raises(NotSignedByAll) as caught:
        await take_deposit.handle(work, command)
    assert caught.value.facts["missing"] == [lacking]


async def test_a_site_without_preliminary_agreements_asks_for_none_b_05(work: Work) -> None:
    rules = await policy.in_force(work, PurchaseRules, work.today)
    body = {**json.loads(to_json(rules.body)), "signatures": []}
    said = {"author": "P001", "reason": "…", "source": "ours"}
    await policy.record(work, PurchaseRules, body, date(2026, 1, 1), **said)
    await enter(work, FINANCE)
    command = TakeDeposit(ELECTRONICS.key, ROOM, Kind.SMALL, Decimal(500), Decimal("109000"))
    assert (await take_deposit.handle(work, command)).preliminary_id is None
    await enter(work, MANAGER_A)
    assert (await sign_agreement.handle(work, signing())).preliminary_id is None


async def test_no_contract_is_signed_without_the_three_signatures_b_05(work: Work) -> None:
    await enter(work, MANAGER_A)
    with pytest.raises(NotSignedByAll):
        await sign_agreement.handle(work, signing())
    assert (await signed(work)).preliminary_id is not None


async def test_salesperson_and_manager_are_two_people_in_their_roles_b_05(work: Work) -> None:
    both = Person(MANAGER_A.code, "李明", "GZ", ("account_manager", "supervisor"))
    with pytest.raises(NotYourSignature):
        await agreed(
            *(work, ELECTRONICS, ROOM, "109000"),
            signing=((Party.SALESPERSON, both), (Party.MANAGER, both)),
        )
    with pytest.raises(NotYourSignature):
        await agreed(
            *(work, ELECTRONICS, "B1-2-302", "109000"), signing=((Party.MANAGER, MANAGER_B),)
        )


async def test_nobody_signs_twice_or_before_it_was_drawn_up_b_05(work: Work) -> None:
    drawn = await agreed(work, ELECTRONICS, ROOM, "1000", signing=((Party.SALESPERSON, MANAGER_A),))
    await enter(work, MANAGER_B)
    again = SignPreliminary(drawn.preliminary_id, drawn.version, Party.SALESPERSON)
    with pytest.raises(PreliminaryNotOpen):
        await preliminary_agreements.sign_for(work, again)
    await enter(work, SUPERVISOR)
    on = work.today - timedelta(days=1)
    early = SignPreliminary(drawn.preliminary_id, drawn.version, Party.MANAGER, on=on)
    with pytest.raises(Invalid):
        await preliminary_agreements.sign_for(work, early)
    nameless = SignPreliminary(drawn.preliminary_id, drawn.version, Party.CUSTOMER)
    await enter(work, MANAGER_A)
    with pytest.raises(Invalid):
        await preliminary_agreements.sign_for(work, nameless)


async def test_finance_files_the_agreement_with_the_deposit_once_b_04(work: Work) -> None:
    deposit = await deposited(work)
    state = await work.value("SELECT state FROM preliminary_agreements")
    assert state == "filed"
    assert deposit.preliminary_id is not None
    by = await work.value("SELECT staff_code FROM preliminary_changes WHERE state = 'filed'")
    assert by == FINANCE.code


async def test_nobody_signs_after_the_money_was_taken_b_05(work: Work) -> None:
    yesterday = work.today - timedelta(days=1)
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, FINANCE)
    command = TakeDeposit(
        *(ELECTRONICS.key, ROOM, Kind.SMALL, Decimal(500), Decimal("109000"), yesterday)
    )
    with pytest.raises(NotSignedByAll):
        await take_deposit.handle(work, command)
    await enter(work, MANAGER_A)
    with pytest.raises(NotSignedByAll):
        await sign_agreement.handle(work, signing(signed_on=yesterday))


async def test_the_deposit_is_for_the_price_that_was_signed_b_05(work: Work) -> None:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, FINANCE)
    command = TakeDeposit(ELECTRONICS.key, ROOM, Kind.SMALL, Decimal(500), Decimal("109000.01"))
    with pytest.raises(AnotherPrice):
        await take_deposit.handle(work, command)


async def test_the_manager_takes_the_copy_back_at_the_contract_b_08(work: Work) -> None:
    deposit = await deposited(work)
    assert deposit.preliminary_id is not None
    await enter(work, SUPERVISOR)
    with pytest.raises(PreliminaryNotOpen):
        await preliminary_agreements.take_back_copy(work, deposit.preliminary_id, 5, "柜 3")
    await enter(work, MANAGER_A)
    await sign_agreement.handle(work, signing())
    with pytest.raises(NotYourSignature):
        await preliminary_agreements.take_back_copy(work, deposit.preliminary_id, 5, "柜 3")
    await enter(work, SUPERVISOR)
    back = await preliminary_agreements.take_back_copy(work, deposit.preliminary_id, 5, "柜 3")
    assert back.state == "taken_back"


async def test_an_agreement_ends_with_its_deposit_b_11(work: Work) -> None:
    deposit = await deposited(work)
    await enter(work, CITY_DIRECTOR)
    await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…"))
    assert await work.value("SELECT state FROM preliminary_agreements") == "void"
    await enter(work, MANAGER_A)
    with pytest.raises(NotSignedByAll):
        await sign_agreement.handle(work, signing())


async def test_an_agent_without_authority_signs_no_preliminary_agreement_b_10(work: Work) -> None:
    drawn = await agreed(work, ELECTRONICS, ROOM, "1000", signing=())
    await enter(work, MANAGER_A)
    command = SignPreliminary(drawn.preliminary_id, 1, Party.CUSTOMER, "王先生", is_agent=True)
    with pytest.raises(AgentNotAuthorised):
        await preliminary_agreements.sign_for(work, command)


@pytest.mark.parametrize("is_deposited", [True, False])
async def test_a_site_that_asks_for_fewer_signatures_files_what_has_them_b_05(
    work: Work, *, is_deposited: bool
) -> None:
    two = ((Party.CUSTOMER, MANAGER_A), (Party.MANAGER, SUPERVISOR))
    await agreed(work, ELECTRONICS, ROOM, "109000", signing=two)
    rules = await policy.in_force(work, PurchaseRules, work.today)
    body = {**json.loads(to_json(rules.body)), "signatures": ["customer", "manager"]}
    said = {"author": "P001", "reason": "…", "source": "ours"}
    await policy.record(work, PurchaseRules, body, work.today, **said)
    if is_deposited:
        await enter(work, FINANCE)
        await take_deposit.handle(work, taking(price="109000"))
    else:
        await enter(work, MANAGER_A)
        await sign_agreement.handle(work, signing())
    assert await work.value("SELECT state FROM preliminary_agreements") == "filed"


async def test_only_the_customer_has_an_agent_sign_b_10(work: Work) -> None:
    drawn = await agreed(work, ELECTRONICS, ROOM, "1000", signing=())
    await enter(work, MANAGER_A)
    for said in (
        {"party": Party.SALESPERSON, "is_agent": True, "authority": authority(work.today)},
        {"party": Party.CUSTOMER, "signatory": "王先生", "authority": authority(work.today)},
    ):
        command = SignPreliminary(drawn.preliminary_id, 1, **said)  # type: ignore[arg-type]
        with pytest.raises(Invalid) as caught:
            await preliminary_agreements.sign_for(work, command)
        assert caught.value.pointer == "/signed_by_agent"
