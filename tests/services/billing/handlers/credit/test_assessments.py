"""Who pays how: assessed by sweep and on demand, from what was known (B-22, T-01)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from services.billing.domain.credit.scoring import Behaviour
from services.billing.domain.requests.requests import RequestState
from services.billing.handlers.credit import assess_credit
from services.billing.handlers.objects import close_deposit, release_objects
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.receive_payments import payment_id_of
from services.billing.handlers.requests import refund, write_off
from services.billing.handlers.requests.asking import Decide
from services.billing.handlers.requests.refund import AskRefund
from services.billing.handlers.requests.write_off import AskWriteOff
from services.billing.storage.credit import behaviour
from services.billing.storage.objects import deposits
from services.billing.storage.receivables import charges
from shared.contracts.envelope import Entity
from shared.contracts.registry import ContractSigned
from shared.sweeps import at_once
from shared.work import Work
from tests.services.billing.books import (
    COMPANY_ACCOUNT,
    charge,
    enter,
    finish,
    merged,
    payment,
    take,
    told,
)
from tests.services.billing.handlers.credit.limits import limit
from tests.services.billing.handlers.objects.deals import small
from tests.support.cast import (
    CITY_DIRECTOR,
    ELECTRONICS,
    FINANCE,
    INSURER,
    INSURER_BRANCH,
    SOFTWARE,
    Customer,
)

ASSESSED = "dakehu.billing.credit_assessed.v1"
FIRST, LAST = date(2025, 3, 1), date(2026, 2, 28)
APRIL = date(2026, 4, 1)


async def done(work: Work, customer: Customer = ELECTRONICS) -> Behaviour:
    return (await behaviour.of_period(work, [customer.key], FIRST, LAST))[customer.key]


def contract(customer: Customer, version: int = 1, until: date | None = None) -> ContractSigned:
    contract_id = UUID(int=customer.key.int ^ 1)
    return ContractSigned(
        entity=Entity(type="contract", id=str(contract_id), version=version),
        customer_key=customer.key,
        contract_id=contract_id,
        signed_at_unit="GZ",
        signed_on=date(2025, 6, 1),
        valid_until_on=until,
    )


async def test_b22_what_fell_due_what_came_in_time_and_how_late_the_rest_is(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 600, due=date(2026, 1, 31)),
        charge(ELECTRONICS, "C-2", 400, due=date(2026, 2, 18)),
        payment(ELECTRONICS, "P-1", 500, "C-1", on=date(2026, 1, 31)),
        payment(ELECTRONICS, "P-2", 100, "C-1", on=date(2026, 2, 1)),
    )
    found = await done(work)
    assert (found.fell_due, found.paid_in_time) == (Decimal("1000.00"), Decimal("500.00"))
    assert found.yuan_days_late == 100 * 1 + 400 * 10


async def test_b22_only_what_fell_due_in_the_period_counts(work: Work) -> None:
    for number, due in enumerate((date(2025, 2, 28), FIRST, LAST, date(2026, 3, 1))):
        await take(
            work,
            charge(ELECTRONICS, f"C-{number}", 10**number, issued=date(2025, 1, 1), due=due),
        )
    assert (await done(work)).fell_due == Decimal("110.00")


async def test_b22_what_came_after_the_period_is_not_known_in_it(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100, due=date(2026, 2, 18)))
    before = await done(work)
    await take(work, payment(ELECTRONICS, "P-1", 100, "C-1", on=date(2026, 3, 1)))
    assert await done(work) == before
    assert before.yuan_days_late == 1000


async def test_b22_incidents_and_contracts_are_counted(work: Work) -> None:
    await take(
        work,
        contract(ELECTRONICS),
        payment(ELECTRONICS, "P-1", 100, on=date(2026, 2, 1)),
        payment(ELECTRONICS, "P-2", -40, reverses="P-1", on=LAST),
        payment(ELECTRONICS, "P-3", -60, reverses="P-1", on=date(2026, 3, 1)),
        payment(ELECTRONICS, "P-9", 10, account="6222-0000-1111", on=FIRST),
    )
    found = await done(work)
    assert (found.returned_payment, found.compliance_case, found.contracts) == (1, 1, 1)


async def test_b17_b22_what_we_paid_back_is_no_bounced_payment(work: Work) -> None:
    await take(work, payment(ELECTRONICS, "P-1", 100, on=date(2026, 2, 1)))
    await enter(work, FINANCE)
    asked = await refund.handle(
        work,
        AskRefund(
            payment_id_of("erp", "P-1"),
            *(Decimal(100), COMPANY_ACCOUNT, "4400-7788", ELECTRONICS.name, "多付", LAST),
        ),
    )
    await enter(work, CITY_DIRECTOR)
    await refund.settle(work, Decide(asked.request_id, 1, RequestState.APPROVED, "同意", LAST))
    assert (await done(work)).returned_payment == 0


async def test_b03_b22_a_contract_that_was_not_signed_in_time_is_a_promise_broken(
    work: Work,
) -> None:
    deposit = await small(work, on=date(2026, 2, 1))
    work.caller = None
    on = deposit.contract_due_on
    await release_objects.miss_contracts(work, on)
    assert (await done(work)).lapsed_deposit == 0, "its last day is not over"
    await release_objects.miss_contracts(work, on + timedelta(days=1))
    assert (await done(work)).lapsed_deposit == 1
    held = await deposits.held(work, deposit.deposit_id)
    await enter(work, CITY_DIRECTOR)
    await close_deposit.handle(
        work, CloseDeposit(held.deposit_id, held.version, Ending.REFUND, "双方同意")
    )
    assert (await done(work)).lapsed_deposit == 0, "given back: nobody broke his word"


async def test_b17_b22_what_was_written_off_counts_and_is_late_to_the_end(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, due=date(2026, 2, 18)))
    await enter(work, FINANCE)
    (receivable_id,) = await charges.existing(work, {charge_id_of("erp", "C-1")})
    asked = await write_off.handle(
        work, AskWriteOff(receivable_id, "bankruptcy", "无可供执行财产", date(2026, 2, 28))
    )
    await enter(work, CITY_DIRECTOR)
    await write_off.settle(
        work,
        Decide(asked.request_id, asked.version, RequestState.APPROVED, "属实", date(2026, 2, 28)),
    )
    found = await done(work)
    assert (found.write_off, found.fell_due) == (1, Decimal("1000.00"))
    assert found.yuan_days_late == 1000 * 10


async def test_b22_a_contract_counts_until_its_last_day_and_newest_wins(work: Work) -> None:
    await take(work, contract(ELECTRONICS, version=2, until=date(2026, 2, 27)))
    await take(work, contract(ELECTRONICS, version=1))
    assert (await done(work)).contracts == 0
    await take(work, contract(ELECTRONICS, version=3, until=LAST))
    assert (await done(work)).contracts == 1


async def test_r81_b22_a_merged_customer_counts_for_its_survivor(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 600), charge(INSURER, "C-2", 400))
    await take(work, merged(ELECTRONICS, INSURER))
    assert (await done(work, INSURER)).fell_due == Decimal("1000.00")


async def test_b22_the_sweep_assesses_everybody_on_its_day_once(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 600, due=date(2026, 2, 28)),
        payment(ELECTRONICS, "P-1", 600, "C-1", on=date(2026, 2, 28)),
        charge(INSURER_BRANCH, "C-2", 400, due=date(2026, 1, 31)),
        charge(SOFTWARE, "C-3", 400, due=date(2026, 4, 1)),
    )
    assert await at_once(assess_credit.portion, work, date(2026, 3, 31)) == 0
    work.today = APRIL
    assert await at_once(assess_credit.portion, work, APRIL) == 2
    assert await at_once(assess_credit.portion, work, APRIL) == 0
    await finish(work)
    by_customer = {fact["customer_key"]: fact for fact in await told(work, ASSESSED)}
    assert by_customer.keys() == {str(ELECTRONICS.key), str(INSURER_BRANCH.key)}
    good = by_customer[str(ELECTRONICS.key)]
    assert (good["score"], good["grade"], good["punctuality"]) == ("90.000000", "a", "1.000000")
    assert (good["period_from_on"], good["period_until_on"]) == ("2025-04-01", "2026-03-31")
    assert good["policy"] == {"name": "credit-scoring", "version": 1}
    assert good["inputs"]["fell_due"] == "600.00"
    bad = by_customer[str(INSURER_BRANCH.key)]
    assert (bad["grade"], bad["days_late"]) == ("d", "59.000000")
    assert bad["exposure"]["amount"] == "400.00"


async def test_b17_b22_the_grade_sets_the_limit_where_nobody_decided_one(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 600, due=date(2026, 1, 31)))
    work.today = APRIL
    await at_once(assess_credit.portion, work, APRIL)
    await finish(work)
    (assessed,) = await told(work, ASSESSED)
    assert (assessed["grade"], assessed["credit_limit"]["amount"]) == ("d", "0.00")
    (exceeded,) = await told(work, "dakehu.billing.credit_exceeded.v1")
    assert (exceeded["credit_limit"]["amount"], exceeded["policy"]["name"]) == (
        "0.00",
        "credit-limits",
    )
    await limit(work, "600.00", ELECTRONICS)
    facts = await told(work, "dakehu.billing.credit_exceeded.v1")
    assert [fact["is_exceeded"] for fact in facts] == [True, False]


async def test_b22_assessments_count_their_versions(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 600, due=date(2026, 1, 31)))
    for on in (APRIL, date(2026, 5, 1)):
        work.today = on
        await at_once(assess_credit.portion, work, on)
    await finish(work)
    versions = [fact["entity"]["version"] for fact in await told(work, ASSESSED)]
    assert versions == [1, 2]
    assert uuid4() not in await behaviour.of_period(work, [ELECTRONICS.key], FIRST, LAST)
