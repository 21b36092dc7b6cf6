"""State told again says what was told before, at the same versions."""

from __future__ import annotations

from services.billing.handlers.credit import assess_credit
from services.billing.handlers.republish import REPUBLISH
from shared.work import Work
from tests.services.billing.books import charge, enter, owned, payment, revenue, split, take, told
from tests.services.billing.handlers.concessions.giving import in_force, tiered
from tests.services.billing.handlers.concessions.test_compensations import approved
from tests.services.billing.handlers.credit.limits import limit
from tests.services.billing.handlers.objects.deals import contracted, small
from tests.support.cast import ELECTRONICS, FINANCE


async def test_what_is_told_again_is_what_was_told_last(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100),
        revenue(ELECTRONICS, "R-2", -40, reverses="R-1"),
        charge(ELECTRONICS, "C-1", 100),
        payment(ELECTRONICS, "P-1", 60),
    )
    await take(work, split(ELECTRONICS, {"GZ": "0.5", "SZ": "0.5"}, rule="ruling"))
    await small(work)
    await contracted(work)
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    await take(work, approved("30"))
    await limit(work, "1.00", ELECTRONICS)
    await enter(work, FINANCE)
    await assess_credit.handle(work, ELECTRONICS.key)
    await take(work)
    subjects = {
        "revenue": ("revenue_posted", "posting_id"),
        "receivables": ("receivable_changed", "receivable_id"),
        "deposits": ("deposit_changed", "deposit_id"),
        "agreements": ("sale_contract_signed", "agreement_id"),
        "discounts": ("discount_decided", "discount_id"),
        "compensations": ("compensation_posted", "compensation_id"),
        "months": ("month_closed", "month"),
        "credit": ("credit_assessed", "customer_key"),
        "credit-limits": ("credit_limit_changed", "customer_key"),
        "credit-exceeded": ("credit_exceeded", "customer_key"),
    }
    assert subjects.keys() == REPUBLISH.keys()
    before = {kind: await newest(work, *subject) for kind, subject in subjects.items()}
    await work.run("DELETE FROM kit.outbox")
    for kind, publish in REPUBLISH.items():
        after = await publish(work, None)
        assert await publish(work, after) is None
        await take(work)
        assert await newest(work, *subjects[kind]) == before[kind]


async def newest(work: Work, event: str, key: str) -> dict[str, object]:
    return {fact[key]: fact for fact in await told(work, f"dakehu.billing.{event}.v1")}
