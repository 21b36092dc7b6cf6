"""From the preliminary agreement to the registration, and what can be undone on the way."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.agreements import (
    Agreement,
    AgreementCancelled,
    AlreadySold,
    InstalmentsOutOfOrder,
    MayNotCancel,
    RegistrationNumberTaken,
    SaleFinal,
)
from services.billing.domain.objects.authorities import AgentNotAuthorised, Authority
from services.billing.domain.objects.deposits import Deposit, Kind
from services.billing.domain.objects.preliminary_agreements import (
    AnotherPrice,
    NotSignedByAll,
    NotYourSignature,
    PreliminaryNotOpen,
)
from services.billing.domain.objects.purchase_rules import Party, PurchaseRules
from services.billing.domain.receivables.charges import Instalment, InvalidCharge
from services.billing.handlers.objects import (
    apply_deposit,
    cancel_agreement,
    close_deposit,
    preliminary_agreements,
    register_sale,
    sign_agreement,
    take_deposit,
)
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.preliminary_agreements import SignPreliminary
from services.billing.handlers.objects.register_sale import RegisterSale
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.handlers.objects.take_deposit import TakeDeposit
from services.billing.handlers.republish import agreements as republish_agreements
from shared import policy
from shared.errors import Invalid
from shared.policy_body import to_json
from shared.work import Work
from tests.services.billing.books import (
    agreed,
    balances,
    check_books,
    enter,
    finish,
    open_items,
    owned,
    payment,
    take,
    told,
    unapplied,
    unit_revenue,
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

ROOM = "B1-2-301"
SIGNED = "dakehu.billing.sale_contract_signed.v1"
REGISTERED = "dakehu.billing.sale_registered.v1"
CANCELLED = "dakehu.billing.sale_cancelled.v1"


def signing(number: str = "A-1", **more: object) -> SignAgreement:
    said: dict[str, object] = {
        "number": number,
        "object_code": ROOM,
        "customer_key": ELECTRONICS.key,
        "price": Decimal("109000"),
        "signed_at_unit": "GZ",
        "business_line": "property",
        "tariff_class": "other",
        "tax_rate": Decimal("0.09"),
        "instalments": (
            Instalment(1, Decimal(40_000), date(2026, 3, 31)),
            Instalment(2, Decimal(69_000), date(2026, 6, 30)),
        ),
    }
    return SignAgreement(**{**said, **more})  # type: ignore[arg-type]


async def signed(work: Work, number: str = "A-1", **more: object) -> Agreement:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, MANAGER_A)
    return await sign_agreement.handle(work, signing(number, **more))


async def deposited(work: Work, amount: str = "20000") -> Deposit:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, FINANCE)
    command = TakeDeposit(ELECTRONICS.key, ROOM, Kind.LARGE, Decimal(amount), Decimal("109000"))
    return await take_deposit.handle(work, command)


async def sold_on_deposit(work: Work) -> tuple[Agreement, Deposit]:
    deposit = await deposited(work)
    await enter(work, MANAGER_A)
    agreement = await sign_agreement.handle(work, signing())
    await enter(work, FINANCE)
    command = ApplyDeposit(deposit.deposit_id, 1, agreement.agreement_id)
    return agreement, await apply_deposit.handle(work, command)


@pytest.mark.parametrize("lacking", list(Party))
async def test_no_deposit_is_taken_before_three_have_signed_b_05(
    work: Work, lacking: Party
) -> None:
    people = {
        Party.CUSTOMER: MANAGER_A,
        Party.SALESPERSON: MANAGER_A,
        Party.MANAGER: SUPERVISOR,
    }
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
    by = await work.value(
        "SELECT staff_code FROM preliminary_changes WHERE state = 'filed'",
    )
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


def authority(notarised_on: date, valid_until_on: date | None = None) -> Authority:
    document = "粤公委 2026-88", "0" * 64, "广州公证处", "公证字 88"
    return Authority(*document, notarised_on, valid_until_on)


async def test_an_agent_signs_with_a_notarised_authority_that_holds_b_10(work: Work) -> None:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, MANAGER_A)
    today, day = work.today, timedelta(days=1)
    refused = (
        None,
        authority(today + day),
        authority(today - 9 * day, today - day),
        authority(today - 366 * day),
    )
    for each in refused:
        with pytest.raises(AgentNotAuthorised):
            await sign_agreement.handle(work, signing(is_agent=True, authority=each))
    own = await sign_agreement.handle(
        work, signing(is_agent=True, authority=authority(today - 365 * day))
    )
    assert own.authority == authority(today - 365 * day)
    await work.finish()
    (fact,) = await told(work, SIGNED)
    assert fact["signed_by_agent"] is True
    assert "公证" not in str(fact), "no document of a person is published"


async def test_an_agent_without_authority_signs_no_preliminary_agreement_b_10(work: Work) -> None:
    drawn = await agreed(work, ELECTRONICS, ROOM, "1000", signing=())
    await enter(work, MANAGER_A)
    command = SignPreliminary(drawn.preliminary_id, 1, Party.CUSTOMER, "王先生", is_agent=True)
    with pytest.raises(AgentNotAuthorised):
        await preliminary_agreements.sign_for(work, command)


@pytest.mark.parametrize(
    "plan",
    [
        ((2, "40000", 3), (3, "69000", 6)),
        ((1, "40000", 6), (2, "69000", 3)),
    ],
)
async def test_instalments_are_numbered_and_due_in_order_b_08(
    work: Work, plan: tuple[tuple[int, str, int], ...]
) -> None:
    parts = tuple(
        Instalment(number, Decimal(amount), date(2026, month, 30)) for number, amount, month in plan
    )
    with pytest.raises(InstalmentsOutOfOrder):
        await signed(work, instalments=parts)


@pytest.mark.parametrize("last", ["68999.99", "69000.01"])
async def test_instalments_sum_to_the_price_to_the_cent_b_14(work: Work, last: str) -> None:
    parts = (
        Instalment(1, Decimal(40_000), date(2026, 3, 31)),
        Instalment(2, Decimal(last), date(2026, 6, 30)),
    )
    with pytest.raises(InvalidCharge):
        await signed(work, instalments=parts)


async def test_revenue_is_posted_at_the_registration_and_not_before_b_09(work: Work) -> None:
    await take(work, owned(ELECTRONICS))
    agreement = await signed(work)
    assert await unit_revenue(work) == {}
    ledger = await balances(work)
    assert ledger == {"receivable": 109_000, "billed_clearing": -100_000, "output_vat": -9_000}
    registered = await register_sale.handle(
        work, RegisterSale(agreement.agreement_id, 1, "备-2026-1")
    )
    assert (registered.state, registered.version) == ("registered", 2)
    assert await unit_revenue(work) == {"GZ": 100_000}
    assert "billed_clearing" not in await balances(work)
    await check_books(work)
    await work.finish()
    (fact,) = await told(work, REGISTERED)
    assert fact["registered_on"] == work.today.isoformat()
    assert (fact["registration_number"], fact["registered_by"]) == ("备-2026-1", MANAGER_A.code)
    (revenue,) = await told(work, "dakehu.billing.revenue_posted.v1")
    assert revenue["source"] == {"system": "billing", "ref": "A-1"}
    assert await register_sale.recognise_waiting(work, work.today) == 0


async def test_revenue_of_a_sale_waits_for_whoever_shares_it_b_09(work: Work) -> None:
    agreement = await signed(work)
    await register_sale.handle(work, RegisterSale(agreement.agreement_id, 1, "备-1"))
    assert await register_sale.recognise_waiting(work, work.today) == 0
    assert await unit_revenue(work) == {}
    await take(work, owned(ELECTRONICS))
    assert await register_sale.recognise_waiting(work, work.today) == 1
    assert await register_sale.recognise_waiting(work, work.today) == 0
    assert await unit_revenue(work) == {"GZ": 100_000}


async def test_a_registered_sale_is_final_b_09(work: Work) -> None:
    agreement = await signed(work)
    with pytest.raises(Invalid):
        early = work.today - timedelta(days=1)
        await register_sale.handle(work, RegisterSale(agreement.agreement_id, 1, "备-1", early))
    await register_sale.handle(work, RegisterSale(agreement.agreement_id, 1, "备-1"))
    with pytest.raises(SaleFinal):
        await register_sale.handle(work, RegisterSale(agreement.agreement_id, 2, "备-2"))
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(SaleFinal):
        await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 2, "…"))


async def test_a_registration_number_is_one_sales_b_09(work: Work) -> None:
    first = await signed(work)
    await agreed(work, ELECTRONICS, "B1-2-302", "109000")
    await enter(work, MANAGER_A)
    second = await sign_agreement.handle(work, signing("A-2", object_code="B1-2-302"))
    await register_sale.handle(work, RegisterSale(first.agreement_id, 1, "备-1"))
    with pytest.raises(RegistrationNumberTaken):
        await register_sale.handle(work, RegisterSale(second.agreement_id, 1, "备-1"))


async def test_before_the_registration_everything_is_undone_b_09(work: Work) -> None:
    agreement, _ = await sold_on_deposit(work)
    await take(work, payment(ELECTRONICS, "P-1", 25_000, "A-1", system="billing"))
    assert await open_items(work) == {"A-1/2": 64_000}
    await enter(work, CITY_DIRECTOR)
    command = CancelAgreement(agreement.agreement_id, 1, "客户贷款未获批")
    cancelled = await cancel_agreement.handle(work, command)
    assert (cancelled.state, cancelled.version) == ("cancelled", 2)
    assert await open_items(work) == {}
    assert await unapplied(work) == {"P-1": 25_000}
    assert await balances(work) == {
        "bank": 45_000,
        "deposits_held": -20_000,
        "unapplied_cash": -25_000,
    }
    await check_books(work)
    await work.finish()
    (fact,) = await told(work, CANCELLED)
    assert (fact["cancelled_by"], fact["entity"]["version"]) == (CITY_DIRECTOR.code, 2)


@pytest.mark.parametrize(
    ("ending", "left"),
    [
        (Ending.REFUND, {}),
        (Ending.FORFEIT, {"bank": 20_000, "deposits_forfeited": -20_000}),
        (Ending.DOUBLE_RETURN, {"bank": -20_000, "deposit_penalties": 20_000}),
    ],
)
async def test_the_deposit_of_a_cancelled_contract_is_decided_on_b_11(
    work: Work, ending: Ending, left: dict[str, int]
) -> None:
    agreement, deposit = await sold_on_deposit(work)
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 1, "…"))
    await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 3, ending, "…"))
    assert await balances(work) == left
    await check_books(work)


async def test_what_was_cancelled_is_sold_again_on_the_same_deposit_b_11(work: Work) -> None:
    agreement, deposit = await sold_on_deposit(work)
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 1, "写错房号"))
    with pytest.raises(AgreementCancelled):
        await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 2, "…"))
    again = await signed(work, "A-2")
    await enter(work, FINANCE)
    command = ApplyDeposit(deposit.deposit_id, 3, again.agreement_id)
    await apply_deposit.handle(work, command)
    assert await open_items(work) == {"A-2": 20_000, "A-2/2": 69_000}
    await check_books(work)
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, MANAGER_A)
    with pytest.raises(AlreadySold):
        await sign_agreement.handle(work, signing("A-3"))


async def test_whoever_signed_does_not_cancel_b_09(work: Work) -> None:
    agreement = await signed(work)
    command = CancelAgreement(agreement.agreement_id, 1, "…")
    for person in (MANAGER_A, MANAGER_B):
        await enter(work, person)
        with pytest.raises(MayNotCancel):
            await cancel_agreement.handle(work, command)
    await enter(work, Person(MANAGER_A.code, "李明", "GZ", ("director",)))
    with pytest.raises(MayNotCancel):
        await cancel_agreement.handle(work, command)


async def test_what_became_of_a_sale_is_told_again_at_its_versions(work: Work) -> None:
    agreement = await signed(work)
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 1, "…"))
    await finish(work)
    before = {subject: await told(work, subject) for subject in (SIGNED, CANCELLED)}
    await work.run("DELETE FROM kit.outbox")
    await republish_agreements(work, None)
    await finish(work)
    assert {subject: await told(work, subject) for subject in (SIGNED, CANCELLED)} == before
