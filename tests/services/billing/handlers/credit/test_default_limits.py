"""Default limits by tier and class, where nobody decided (B-17, B-34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.credit.exposure import CreditLimitReached
from services.billing.domain.credit.limits import CreditLimits, DefaultLimit
from services.billing.handlers.credit import reserve_credit, watch_exposure
from services.billing.handlers.credit.reserve_credit import ReserveCredit
from shared import policy
from shared.contracts.envelope import Entity
from shared.contracts.tiering import TierChanged
from shared.work import Work
from tests.services.billing.books import charge, enter, finish, take, told
from tests.services.billing.handlers.credit.limits import limit
from tests.support.cast import ELECTRONICS, INSURER, INSURER_BRANCH, SALES_DIRECTOR, Customer

EXCEEDED = "dakehu.billing.credit_exceeded.v1"
SCHEME = "guangdong-post-2005"
TODAY = date(2026, 3, 16)


async def defaults(work: Work, *rows: DefaultLimit) -> int:
    """Let the site have these defaults from today on; the version of the policy."""
    in_force = await policy.in_force(work, CreditLimits, work.today)
    body = replace(in_force.body, scheme=SCHEME, defaults=rows)
    recorded = await policy.record_parsed(
        work, body, TODAY, author="P002", reason="按等级授信", source="ours"
    )
    return recorded.version


def tier(customer: Customer, name: str | None, on: date, version: int = 1) -> TierChanged:
    return TierChanged(
        entity=Entity(type="tier", id=f"{customer.key}/{SCHEME}", version=version),
        customer_key=customer.key,
        scheme=SCHEME,
        scheme_version=1,
        before=None,
        after=name,
        effective_on=on,
        as_of=on,
    )


async def test_b17_the_tier_of_the_head_office_sets_the_limit_of_the_group(work: Work) -> None:
    version = await defaults(work, DefaultLimit(Decimal("500.00"), tier="diamond"))
    await take(
        work,
        tier(INSURER, "diamond", TODAY),
        tier(INSURER_BRANCH, "silver", TODAY),
        charge(INSURER_BRANCH, "C-1", "500.00"),
        charge(ELECTRONICS, "C-2", "900.00"),
    )
    assert await told(work, EXCEEDED) == [], "at it is within it, and no tier has none"
    await take(work, charge(INSURER, "C-3", "0.01"))
    (fact,) = await told(work, EXCEEDED)
    assert (fact["credit_limit"]["amount"], fact["exposure"]["amount"]) == ("500.00", "500.01")
    assert fact["policy"] == {"name": "credit-limits", "version": version}
    assert (fact["inputs"]["tier"], fact["inputs"]["grade"]) == ("diamond", None)


async def test_b17_a_limit_by_class_goes_by_what_registry_says(work: Work) -> None:
    await defaults(work, DefaultLimit(Decimal("100.00"), customer_class="a"))
    changed = INSURER.changed().model_dump()
    changed |= {"entity": {**changed["entity"], "version": 2}, "specialty_class": "a"}
    await take(work, type(INSURER.changed()).model_validate(changed))
    await take(work, charge(INSURER, "C-1", "100.01"), charge(ELECTRONICS, "C-2", "900.00"))
    (fact,) = await told(work, EXCEEDED)
    assert (fact["customer_key"], fact["inputs"]["customer_class"]) == (str(INSURER.key), "a")


async def test_b17_a_tier_from_tomorrow_on_counts_tomorrow_and_is_told_by_the_review(
    work: Work,
) -> None:
    await defaults(
        work,
        DefaultLimit(Decimal("900.00"), tier="diamond"),
        DefaultLimit(Decimal("100.00"), tier="silver"),
    )
    tomorrow = date(2026, 3, 17)
    await take(work, tier(INSURER, "diamond", TODAY), charge(INSURER, "C-1", "100.01"))
    await take(work, tier(INSURER, "silver", tomorrow, version=2))
    for on, crossed in ((TODAY, 0), (tomorrow, 1)):
        work.today = on
        assert await watch_exposure.review(work, on) == crossed
    assert await watch_exposure.review(work, tomorrow) == 0


async def test_b34_a_reservation_keeps_what_it_was_decided_by(work: Work) -> None:
    version = await defaults(work, DefaultLimit(Decimal("500.00"), tier="diamond"))
    await take(work, tier(INSURER, "diamond", TODAY), charge(INSURER_BRANCH, "C-1", "200.00"))
    await enter(work, SALES_DIRECTOR)
    asked = ReserveCredit(INSURER.key, Decimal("300.00"), "采购", "PO-1", TODAY)
    kept = await reserve_credit.handle(work, asked)
    assert (kept.policy_version, kept.inputs) == (
        version,
        {
            "credit_limit": "500.00",
            "limit_version": None,
            "exposure": "200.00",
            "grade": None,
            "tier": "diamond",
            "customer_class": None,
        },
    )
    with pytest.raises(CreditLimitReached):
        await reserve_credit.handle(work, replace(asked, amount=Decimal("0.01"), ref="PO-2"))
    await finish(work)
    await limit(work, "600.00")
    await enter(work, SALES_DIRECTOR)
    more = await reserve_credit.handle(work, replace(asked, amount=Decimal("1.00"), ref="PO-3"))
    assert (more.policy_version, more.inputs["limit_version"]) == (version, 1)


async def test_b17_the_review_goes_through_everybody_in_portions_once(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_exposure, "_PORTION", 1)
    await take(work, charge(INSURER, "C-1", "200.00"), charge(ELECTRONICS, "C-2", "300.00"))
    await defaults(work, DefaultLimit(Decimal("100.00")))
    assert await watch_exposure.review(work, work.today) == 2
    assert await watch_exposure.review(work, work.today) == 0
