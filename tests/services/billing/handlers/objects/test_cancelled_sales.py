"""What is undone with a sale that is cancelled before its registration, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.agreement_refusals import (
    AgreementCancelled,
    AlreadySold,
    MayNotCancel,
)
from services.billing.domain.objects.deposits import Kind
from services.billing.handlers.objects import (
    apply_deposit,
    cancel_agreement,
    close_deposit,
    register_sale,
    sign_agreement,
    take_deposit,
)
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.register_sale import RegisterSale
from services.billing.handlers.receivables import cancel_charges
from services.billing.handlers.receivables.cancel_charges import Correction
from services.billing.handlers.republish import agreements as republish_agreements
from shared.errors import Invalid
from shared.identifiers import new_id
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
)
from tests.services.billing.handlers.objects.deals import (
    ROOM,
    deposited,
    signed,
    signing,
    sold_on_deposit,
    taking,
)
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, FINANCE, MANAGER_A, MANAGER_B, Person

SIGNED = "dakehu.billing.sale_contract_signed.v1"
CANCELLED = "dakehu.billing.sale_cancelled.v1"


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


async def test_what_was_taken_back_before_is_neither_cancelled_nor_recognised_again_b_09(
    work: Work,
) -> None:
    await take(work, owned(ELECTRONICS))
    first = await signed(work)
    await agreed(work, ELECTRONICS, "B1-2-302", "109000")
    await enter(work, MANAGER_A)
    second = await sign_agreement.handle(work, signing("A-2", object_code="B1-2-302"))
    for agreement in (first, second):
        correction = Correction(new_id(), agreement.charge_id, Decimal(10_900), work.today)
        await cancel_charges.correct(work, correction)
    await register_sale.handle(work, RegisterSale(first.agreement_id, 1, "备-1"))
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(second.agreement_id, 1, "…"))
    assert await balances(work) == {"receivable": 98_100, "revenue": -90_000, "output_vat": -8_100}
    await check_books(work)


async def test_nothing_of_a_freed_deposit_happens_before_it_was_free_b_11(work: Work) -> None:
    day = timedelta(days=1)
    await agreed(work, ELECTRONICS, ROOM, "109000", on=work.today - 5 * day)
    await enter(work, FINANCE)
    taken = await take_deposit.handle(
        work, taking(Kind.LARGE, "20000", price="109000", on=work.today - 5 * day)
    )
    await enter(work, MANAGER_A)
    agreement = await sign_agreement.handle(work, signing(signed_on=work.today - 4 * day))
    await enter(work, FINANCE)
    await apply_deposit.handle(work, ApplyDeposit(taken.deposit_id, 1, agreement.agreement_id))
    await enter(work, CITY_DIRECTOR)
    cancel = CancelAgreement(agreement.agreement_id, 1, "…", work.today - day)
    await cancel_agreement.handle(work, cancel)
    early = CloseDeposit(taken.deposit_id, 3, Ending.REFUND, "…", work.today - 2 * day)
    with pytest.raises(Invalid):
        await close_deposit.handle(work, early)
    assert (await close_deposit.handle(work, replace(early, on=work.today - day))).version == 4


async def test_of_two_deposits_that_were_set_off_both_are_held_again_b_11(work: Work) -> None:
    first, freed = await sold_on_deposit(work)
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(first.agreement_id, 1, "…"))
    live = await deposited(work)
    await enter(work, MANAGER_A)
    second = await sign_agreement.handle(work, signing("A-2"))
    await enter(work, FINANCE)
    for deposit_id, version in ((freed.deposit_id, 3), (live.deposit_id, 1)):
        await apply_deposit.handle(work, ApplyDeposit(deposit_id, version, second.agreement_id))
    assert await open_items(work) == {"A-2/2": 69_000}
    await enter(work, CITY_DIRECTOR)
    await cancel_agreement.handle(work, CancelAgreement(second.agreement_id, 1, "…"))
    assert await balances(work) == {"bank": 40_000, "deposits_held": -40_000}
    await check_books(work)
