"""Limits, exposure and reservations: both sides of every bound (B-17, B-34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.credit import limits, reservations
from services.billing.domain.credit.exposure import (
    NO_LIMIT,
    CreditLimitReached,
    Standing,
    check_room,
    crossing,
    limit_of,
)
from services.billing.domain.credit.limits import (
    Authority,
    BeyondAuthority,
    CreditLimits,
    DefaultLimit,
    InvalidLimit,
    Limit,
    LimitProposal,
    OwnLimitProposal,
    Traits,
)
from services.billing.domain.credit.reservations import (
    InvalidReservation,
    Reservation,
    ReservationNotLive,
    State,
    check_span,
    consume,
    expire,
    release,
)
from services.billing.domain.credit.warnings import CreditWarnings, Warned

HEAD = UUID(int=1)
TODAY = date(2026, 3, 16)
POLICY = CreditLimits(
    by_grade={"a": Decimal("1000.00"), "d": Decimal("0.00")},
    authorities=(
        Authority("county", Decimal("500.00")),
        Authority("city", Decimal("2000.00")),
        Authority("province"),
    ),
    longest_reservation_days=30,
)
STANDING = Standing(
    customer_key=HEAD,
    receivable=Decimal("700.00"),
    unapplied=Decimal("50.00"),
    reserved=Decimal("100.00"),
    version=3,
    limit_version=None,
    limit_amount=None,
    grade=None,
    crossing_version=0,
    is_exceeded=False,
)
ASKED = LimitProposal(UUID(int=2), HEAD, Decimal("500.00"), TODAY, "年度授信", "G004")
RESERVED = Reservation(
    UUID(int=3), HEAD, Decimal("100.00"), "设备", "PO-1", TODAY, TODAY, "G004", 1, {}
)


def limited(amount: str) -> Limit:
    return Limit(Decimal(amount), 1, None)


def test_b34_exposure_is_receivables_less_unapplied_cash_and_live_reservations() -> None:
    assert STANDING.exposure == Decimal("750.00")


def test_b34_what_just_fits_is_given_and_a_cent_more_is_refused() -> None:
    check_room(STANDING, limited("850.00"), Decimal("100.00"))
    with pytest.raises(CreditLimitReached) as refused:
        check_room(STANDING, limited("850.00"), Decimal("100.01"))
    assert refused.value.facts == {
        "limit": Decimal("850.00"),
        "exposure": Decimal("750.00"),
        "asked": Decimal("100.01"),
        "available": Decimal("100.00"),
        "limit_version": 1,
        "policy_version": None,
    }


def test_b34_a_group_above_its_limit_has_nothing_available() -> None:
    with pytest.raises(CreditLimitReached) as refused:
        check_room(STANDING, limited("700.00"), Decimal("0.01"))
    assert refused.value.facts["available"] == Decimal("0.00")


def test_without_a_limit_everything_fits() -> None:
    check_room(STANDING, NO_LIMIT, Decimal("999999.00"))
    assert crossing(STANDING, NO_LIMIT) is None


def test_b34_a_group_at_its_limit_is_within_and_a_cent_above_is_told_once() -> None:
    assert crossing(STANDING, limited("750.00")) is None
    crossed = crossing(STANDING, limited("749.99"))
    assert crossed is not None
    assert (crossed.is_exceeded, crossed.version) == (True, 1)
    above = replace(STANDING, is_exceeded=True, crossing_version=1)
    assert crossing(above, limited("749.99")) is None
    back = crossing(above, limited("750.00"))
    assert back is not None
    assert (back.is_exceeded, back.version) == (False, 2)


def test_b17_a_decided_limit_goes_before_the_policys_for_the_grade() -> None:
    graded = replace(STANDING, grade="a")
    assert limit_of(graded, (POLICY, 4)) == Limit(Decimal("1000.00"), None, 4, Traits("a"))
    decided = replace(graded, limit_version=2, limit_amount=Decimal("5.00"))
    assert limit_of(decided, (POLICY, 4)).amount == Decimal("5.00")
    lifted = replace(graded, limit_version=3, limit_amount=None)
    assert limit_of(lifted, (POLICY, 4)).amount is None


def test_who_is_not_graded_has_what_the_policy_says_for_such() -> None:
    assert limit_of(STANDING, (POLICY, 1)).amount is None
    careful = replace(POLICY, ungraded=Decimal("10.00"))
    assert limit_of(STANDING, (careful, 1)).amount == Decimal("10.00")
    assert limit_of(replace(STANDING, grade="z"), (careful, 1)).amount == Decimal("10.00")
    assert limit_of(STANDING, None).amount is None


@pytest.mark.parametrize(
    ("level", "amount", "may"),
    [
        ("county", "500.00", True),
        ("county", "500.01", False),
        ("city", "2000.00", True),
        ("city", "2000.01", False),
        ("city", None, False),
        ("province", "2000.01", True),
        ("province", None, True),
        ("branch", "0.00", False),
        (None, "0.00", False),
    ],
)
def test_b17_each_level_approves_up_to_its_authority(
    level: str | None, amount: str | None, may: bool
) -> None:
    proposal = replace(ASKED, amount=None if amount is None else Decimal(amount))
    if may:
        decided = limits.approve(proposal, "G001", level, "同意", TODAY, 4, (POLICY, 2))
        assert (decided.limit_version, decided.policy_version) == (5, 2)
        return
    with pytest.raises(BeyondAuthority) as refused:
        limits.approve(proposal, "G001", level, "同意", TODAY, 4, (POLICY, 2))
    assert refused.value.facts["policy_version"] == 2


def test_b17_nobody_decides_on_his_own_proposal() -> None:
    with pytest.raises(OwnLimitProposal):
        limits.approve(ASKED, "G004", "province", "同意", TODAY, 0, (POLICY, 1))
    with pytest.raises(OwnLimitProposal):
        limits.refuse(ASKED, "G004", "不同意")
    assert limits.refuse(ASKED, "G001", "不同意").limit_version is None


def test_b17_a_limit_takes_effect_on_its_day_and_never_before_it_was_approved() -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert limits.propose(ASKED, TODAY) == ASKED
    with pytest.raises(InvalidLimit):
        limits.propose(replace(ASKED, effective_on=yesterday), TODAY)
    late = limits.approve(ASKED, "G001", "city", "同意", tomorrow, 0, (POLICY, 1))
    assert late.effective_on == tomorrow
    ahead = replace(ASKED, effective_on=tomorrow)
    early = limits.approve(ahead, "G001", "city", "同意", TODAY, 0, (POLICY, 1))
    assert early.effective_on == tomorrow


def test_a_policy_without_authorities_or_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="authority"):
        replace(POLICY, authorities=())
    with pytest.raises(ValueError, match="zero"):
        replace(POLICY, ungraded=Decimal("-0.01"))
    with pytest.raises(ValueError, match="day"):
        replace(POLICY, longest_reservation_days=0)


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (30, True), (31, False)])
def test_b34_a_reservation_ends_within_the_days_of_policy(days: int, may: bool) -> None:
    if may:
        check_span(TODAY, TODAY + timedelta(days=days), 30, 1)
    else:
        with pytest.raises(InvalidReservation):
            check_span(TODAY, TODAY + timedelta(days=days), 30, 1)


def test_b34_charges_take_what_they_bill_until_nothing_is_left() -> None:
    part = consume(RESERVED, Decimal("40.00"))
    assert part is not None
    assert (part.state, part.left, part.version) == (State.LIVE, Decimal("60.00"), 2)
    rest = consume(part, Decimal("60.01"))
    assert rest is not None
    assert (rest.state, rest.left, rest.consumed) == (State.CONSUMED, Decimal(0), Decimal("100.00"))
    assert consume(rest, Decimal("1.00")) is None


def test_b34_only_a_live_reservation_is_released() -> None:
    released = release(RESERVED)
    assert (released.state, released.left) == (State.RELEASED, Decimal(0))
    assert expire(RESERVED).left == 0
    for over in (released, expire(RESERVED)):
        with pytest.raises(ReservationNotLive):
            release(over)
        assert reservations.consume(over, Decimal("1.00")) is None


def test_b17_warned_from_the_share_of_the_limit_on() -> None:
    warnings = CreditWarnings(use=Decimal("0.80"), overdue_days=30)

    def reasons(exposure: str, limit: str | None, days: int | None = None) -> list[Warned]:
        due_on = None if days is None else TODAY - timedelta(days=days)
        amount = None if limit is None else Decimal(limit)
        return warnings.of(Decimal(exposure), amount, due_on, TODAY)

    assert reasons("79.99", "100.00") == []
    assert reasons("80.00", "100.00") == [Warned.NEAR_LIMIT]
    assert reasons("100.00", "100.00") == [Warned.NEAR_LIMIT]
    assert reasons("100.01", "100.00") == [Warned.OVER_LIMIT]
    assert reasons("0.00", "0.00") == []
    assert reasons("999.00", None) == []
    assert reasons("10.00", "100.00", 29) == []
    assert reasons("10.00", "100.00", 30) == [Warned.OVERDUE]


def test_b17_the_first_default_that_fits_holds_and_then_the_grade() -> None:
    policy = replace(
        POLICY,
        scheme="guangdong-post-2005",
        ungraded=Decimal("10.00"),
        defaults=(
            DefaultLimit(Decimal("9000.00"), grade="a", tier="diamond"),
            DefaultLimit(Decimal("3000.00"), tier="diamond"),
            DefaultLimit(Decimal("2000.00"), customer_class="post"),
        ),
    )
    assert policy.default_for(Traits("a", "diamond")) == Decimal("9000.00")
    assert policy.default_for(Traits("d", "diamond", "post")) == Decimal("3000.00")
    assert policy.default_for(Traits("d", "gold", "post")) == Decimal("2000.00")
    assert policy.default_for(Traits("d", "gold")) == Decimal("0.00")
    assert policy.default_for(Traits(None, "gold")) == Decimal("10.00")
    assert POLICY.default_for(Traits(None, "diamond")) is None
    assert (policy.reaches_the_ungraded, POLICY.reaches_the_ungraded) == (True, False)
    assert replace(policy, ungraded=None).reaches_the_ungraded, "by tier or class alone"


def test_b17_a_default_by_tier_names_its_scheme_and_is_not_below_zero() -> None:
    for wrong in (
        DefaultLimit(Decimal(1), tier="gold"),
        DefaultLimit(Decimal(-1), customer_class="post"),
    ):
        with pytest.raises(ValueError, match="limit"):
            replace(POLICY, defaults=(wrong,))
