"""From the contract to the registration, and what can be undone on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.agreement_refusals import (
    AlreadySold,
    InstalmentsOutOfOrder,
    RegistrationNumberTaken,
    SaleFinal,
)
from services.billing.domain.objects.authorities import AgentNotAuthorised
from services.billing.domain.receivables.charges import Instalment, InvalidCharge
from services.billing.handlers.desk import issue_charge
from services.billing.handlers.desk.issue_charge import IssueCharge
from services.billing.handlers.objects import cancel_agreement, register_sale, sign_agreement
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.register_sale import RegisterSale
from shared.errors import Invalid
from shared.work import Work
from tests.services.billing.books import (
    agreed,
    balances,
    check_books,
    enter,
    finish,
    owned,
    take,
    told,
    unit_revenue,
)
from tests.services.billing.handlers.objects.deals import (
    ROOM,
    authority,
    deposited,
    signed,
    signing,
)
from tests.support.cast import BACK_OFFICE, CITY_DIRECTOR, ELECTRONICS, MANAGER_A

SIGNED = "dakehu.billing.sale_contract_signed.v1"
REGISTERED = "dakehu.billing.sale_registered.v1"


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


@pytest.mark.parametrize(
    "plan", [((2, "40000", 3), (3, "69000", 6)), ((1, "40000", 6), (2, "69000", 3))]
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


async def test_a_number_that_a_bill_has_is_no_agreements_b_35(work: Work) -> None:
    await enter(work, BACK_OFFICE)
    bill = IssueCharge("A-1", ELECTRONICS.key, "express", "other", Decimal(10), date(2026, 4, 30))
    await issue_charge.handle(work, bill)
    with pytest.raises(AlreadySold):
        await signed(work)


async def test_a_contract_for_less_says_what_of_its_deposit_has_no_effect_b_12(work: Work) -> None:
    await deposited(work)
    await enter(work, MANAGER_A)
    price = Decimal(90_000)
    sold = signing(price=price, instalments=(Instalment(1, price, date(2026, 6, 30)),))
    await sign_agreement.handle(work, sold)
    await finish(work)
    last = (await told(work, "dakehu.billing.deposit_changed.v1"))[-1]
    assert (last["state"], last["price"]["amount"]) == ("taken", "90000.00")
    assert (last["is_above_legal_limit"], last["excess_amount"]["amount"]) == (True, "2000.00")


async def test_an_authority_without_an_agent_is_a_mistake_b_10(work: Work) -> None:
    await agreed(work, ELECTRONICS, ROOM, "109000")
    await enter(work, MANAGER_A)
    with pytest.raises(Invalid):
        await sign_agreement.handle(work, signing(authority=authority(work.today)))
