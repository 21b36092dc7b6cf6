"""R-05, R-44: what a branch is credited with for its lead; base and increment set apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.belonging.bases import (
    BaseAgreement,
    BaseOutOfReach,
    Basis,
    NoAgreementToEnd,
    base_claims,
)
from services.registry.domain.belonging.jurisdiction import NotADecider
from services.registry.domain.belonging.leads import LeadCredit, months_later
from services.registry.domain.belonging.splits import NotTheWhole, Share
from services.registry.handlers.belonging import agree_base, renew_split
from services.registry.handlers.belonging.agree_base import AgreeBase
from services.registry.handlers.cases.evidence import notice_revenue
from shared.contracts.registry import SplitChanged
from shared.errors import Invalid
from shared.policy import record_parsed
from shared.work import Work
from tests.services.registry.handlers.cases.test_disputing import posted
from tests.services.registry.story import (
    APPROVED_ON,
    Declaring,
    acting,
    approved,
    commit,
    signed,
    told,
)
from tests.support import cast
from tests.support.facts import published

FROM_BRANCH = Declaring(by=cast.BRANCH_STAFF)
MARCH = date(2026, 3, 1)
BASE = (Share("GZ-TH", Decimal(1)),)
INCREMENT = (Share("GZ-TH", Decimal("0.4")), Share("GZ-PY", Decimal("0.6")))


def splits(work: Work) -> list[tuple[date, str, dict[str, str]]]:
    """First day, rule and base shares of every version that was told."""
    return [
        (each.effective_on, each.rule, {part.unit: str(part.share) for part in each.base})
        for each in told(work, SplitChanged)
    ]


async def credited(work: Work, share: str, months: int) -> None:
    """The site credits leads otherwise."""
    policy = LeadCredit(Decimal(share), months)
    await record_parsed(work, policy, date(2020, 1, 1), author="P002", reason="试行", source="测试")


async def agreed(work: Work, key: UUID, basis: str, **others: Any) -> None:
    """The city sets who keeps the base and who gets the increment, from March on."""
    said = {
        "by": acting(cast.CITY_DIRECTOR),
        "effective_on": MARCH,
        "reason": "保存量扩增量",
        "base": BASE,
        "increment": INCREMENT,
        **others,
    }
    await agree_base.handle(work, AgreeBase(key, basis=Basis(basis), **said))


async def test_r05_the_branch_that_reported_is_credited_for_the_policys_months(
    work: Work,
) -> None:
    await approved(work, FROM_BRANCH)
    assert splits(work) == [
        (APPROVED_ON, "lead-report", {"GZ-TH-01": "1"}),
        (date(2027, 1, 12), "default", {"GZ-TH": "1"}),
    ]
    assert told(work, SplitChanged)[0].overruled == ("default",)
    row = await work.row("SELECT inputs, policy_name, policy_version FROM splits WHERE version = 1")
    assert row is not None
    assert (row["policy_name"], row["policy_version"]) == ("lead-credit", 1)
    assert row["inputs"] == {
        "reporting_branch": "GZ-TH-01",
        "share": "1",
        "until_on": "2027-01-11",
    }


async def test_r05_the_share_is_policy_and_the_rest_stays_the_owners(work: Work) -> None:
    await credited(work, "0.3", 6)
    await approved(work, FROM_BRANCH)
    assert splits(work) == [
        (APPROVED_ON, "lead-report", {"GZ-TH": "0.7", "GZ-TH-01": "0.3"}),
        (date(2026, 7, 12), "default", {"GZ-TH": "1"}),
    ]


@pytest.mark.parametrize(("share", "months"), [("0", 12), ("1", 0)])
async def test_r05_a_site_may_credit_nothing(work: Work, share: str, months: int) -> None:
    await credited(work, share, months)
    await approved(work, FROM_BRANCH)
    assert splits(work) == [(APPROVED_ON, "default", {"GZ-TH": "1"})]


async def test_r05_a_lead_is_credited_while_the_customer_belongs_to_the_branchs_centre(
    work: Work,
) -> None:
    key = await approved(work, FROM_BRANCH)
    await signed(work, key, "SZ-NS", date(2026, 2, 2))
    assert splits(work)[2:] == [(date(2026, 2, 2), "default", {"SZ-NS": "1"})]


def test_months_end_where_the_shorter_month_ends() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_later(date(2026, 12, 1), 1) == date(2027, 1, 1)


async def test_r44_base_and_increment_are_shared_apart_from_a_day_on(work: Work) -> None:
    key = await approved(work)
    await agreed(work, key, "fixed", base_amount=Decimal("80000.00"))
    split = told(work, SplitChanged)[-1]
    assert (split.rule, split.effective_on, split.overruled) == (
        *("base-increment", MARCH),
        ("default",),
    )
    assert split.base_amount is not None
    assert str(split.base_amount.amount) == "80000.00"
    assert {part.unit: str(part.share) for part in split.increment} == {
        "GZ-TH": "0.4",
        "GZ-PY": "0.6",
    }


async def test_c16_base_and_increment_outweigh_the_lead(work: Work) -> None:
    key = await approved(work, FROM_BRANCH)
    await agreed(work, key, "fixed", base_amount=Decimal("80000.00"))
    assert [(on, rule) for on, rule, _ in splits(work)[2:]] == [(MARCH, "base-increment")]
    assert told(work, SplitChanged)[-1].overruled == ("lead-report", "default")
    await agreed(work, key, "none", base=(), increment=(), effective_on=date(2026, 3, 10))
    assert [(on, rule) for on, rule, _ in splits(work)[3:]] == [
        (date(2026, 3, 10), "lead-report"),
        (date(2027, 1, 12), "default"),
    ]


async def test_r44_the_base_of_a_year_is_what_the_customer_brought_the_year_before(
    work: Work,
) -> None:
    key = await approved(work)
    await notice_revenue.handle(work, [_revenue(key, "1", "300.00", date(2025, 12, 31))])
    await agreed(work, key, "previous-year")
    await notice_revenue.handle(
        work,
        [
            _revenue(key, "2", "250.00", date(2025, 1, 1)),
            _revenue(key, "3", "900.00", date(2024, 12, 31)),
            _revenue(key, "4", "70.00", date(2026, 1, 1)),
        ],
    )
    told_splits = told(work, SplitChanged)[1:]
    amounts = [each.base_amount and str(each.base_amount.amount) for each in told_splits]
    assert amounts == ["300.00", "550.00"], "a late fact of the year before re-states the base"
    assert [(each.effective_on, each.supersedes) for each in told_splits] == [
        (MARCH, 1),
        (MARCH, 2),
    ]


async def test_r44_on_new_years_day_the_base_is_measured_anew(work: Work) -> None:
    key = await approved(work)
    await agreed(work, key, "previous-year")
    await notice_revenue.handle(work, [_revenue(key, "1", "4321.00", date(2026, 2, 5))])
    await commit(work)
    work.today = date(2027, 1, 1)
    assert await renew_split.new_year(work, date(2026, 12, 31)) == 0
    assert await renew_split.new_year(work, date(2027, 1, 1)) == 1
    assert await renew_split.new_year(work, date(2027, 1, 1)) == 0
    (split,) = told(work, SplitChanged)
    assert split.base_amount is not None
    assert (split.effective_on, str(split.base_amount.amount)) == (date(2027, 1, 1), "4321.00")


async def test_r44_only_a_centre_above_all_who_share_decides(work: Work) -> None:
    key = await approved(work)
    amount = Decimal("80000.00")
    with pytest.raises(NotADecider):
        await agreed(work, key, "fixed", base_amount=amount, by=acting(cast.CITY_ADMINISTRATOR))
    with pytest.raises(BaseOutOfReach):
        await agreed(work, key, "fixed", base_amount=amount, by=acting(cast.COUNTY_DIRECTOR))
    with pytest.raises(BaseOutOfReach):
        await agreed(work, key, "fixed", base_amount=amount, by=acting(cast.OTHER_CITY_DIRECTOR))
    await agreed(work, key, "fixed", base_amount=amount, by=acting(cast.PROVINCE_DIRECTOR))


async def test_r45_base_and_increment_are_each_exactly_the_whole(work: Work) -> None:
    key = await approved(work)
    amount = Decimal("80000.00")
    for wrong in ({"base": INCREMENT[:1]}, {"increment": INCREMENT[:1]}):
        with pytest.raises(NotTheWhole):
            await agreed(work, key, "fixed", base_amount=amount, **wrong)
    for basis, base_amount in (("fixed", None), ("previous-year", amount)):
        with pytest.raises(Invalid):
            await agreed(work, key, basis, base_amount=base_amount)
    with pytest.raises(Invalid):
        await agreed(work, key, "fixed", base_amount=Decimal("-0.01"))
    await agreed(work, key, "fixed", base_amount=Decimal(0))


async def test_an_agreement_ends_once(work: Work) -> None:
    key = await approved(work)
    with pytest.raises(NoAgreementToEnd):
        await agreed(work, key, "none", base=(), increment=())
    await agreed(work, key, "fixed", base_amount=Decimal(1))
    await agreed(work, key, "none", base=(), increment=())
    assert splits(work)[-1] == (MARCH, "default", {"GZ-TH": "1"})
    with pytest.raises(NoAgreementToEnd):
        await agreed(work, key, "none", base=(), increment=())


def _revenue(key: UUID, ref: str, amount: str, on: date) -> Any:
    return published(posted(key, ref, "GZ-TH", amount).model_copy(update={"occurred_on": on}))


def test_r44_a_base_of_the_year_before_has_a_claim_for_every_year_that_has_begun() -> None:
    def claims(*agreements: BaseAgreement) -> list[tuple[date, date | None, Decimal | None]]:
        revenue = {2024: Decimal(24), 2025: Decimal(25)}
        found = base_claims(agreements, lambda year: revenue.get(year, Decimal(0)), 2026)
        return [(each.from_on, each.until_on, each.terms.base_amount) for each in found]

    begun = BaseAgreement(Basis.PREVIOUS_YEAR, date(2025, 7, 1), 1, BASE, INCREMENT)
    assert claims(begun) == [
        (date(2025, 7, 1), date(2025, 12, 31), Decimal(24)),
        (date(2026, 1, 1), None, Decimal(25)),
    ]
    ended = BaseAgreement(Basis.NONE, date(2025, 12, 31), 2)
    assert claims(begun, ended) == [(date(2025, 7, 1), date(2025, 12, 30), Decimal(24))]
    far = BaseAgreement(Basis.PREVIOUS_YEAR, date.max, 1, BASE, INCREMENT)
    assert claims(far) == [(date.max, None, Decimal(0))]
