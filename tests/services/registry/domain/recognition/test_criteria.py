"""R-15 to R-18, C14: who is a key account, both sides of every bound."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.recognition.assessment import (
    Assessment,
    Source,
    UnknownMeasure,
    assess,
    observe,
)
from services.registry.domain.recognition.criteria import (
    Condition,
    KeyAccountRecognition,
    Measure,
    NotRecognised,
    Route,
    Value,
    require_recognised,
)
from services.registry.domain.recognition.decisions import DecidedLater, Last, recognise
from services.registry.domain.register.customers import Customer, CustomerKind, WrongState

CITY_POST = KeyAccountRecognition(
    measures=(
        Measure("has_contract", "有业务合同", "contract", "flag"),
        Measure("previous_year_revenue", "上年收入", "last year", "quantity", "CNY", is_money=True),
        Measure(
            "current_month_revenue", "当月收入", "this month", "quantity", "CNY", is_money=True
        ),
        Measure("body", "单位性质", "body", "word"),
        Measure("has_policy_influence", "有影响", "influence", "flag"),
    ),
    routes=(
        Route("contract", "合同", "contract", "commercial", (Condition("has_contract"),)),
        Route(
            *("threshold", "达标", "threshold", "commercial"),
            (
                Condition("previous_year_revenue", Decimal("10000.00")),
                Condition("current_month_revenue", Decimal("1000.00")),
            ),
        ),
        Route(
            *("policy-influence", "政策性", "policy account", "policy"),
            (
                Condition("body", one_of=("government", "army", "police")),
                Condition("has_policy_influence"),
            ),
        ),
    ),
)
UTILITY = KeyAccountRecognition(
    measures=(
        Measure("capacity_kva", "容量", "capacity", "quantity", "kVA"),
        Measure("annual_kwh", "电量", "consumption", "quantity", "kWh"),
        Measure("is_high_danger", "高危", "high danger", "flag"),
    ),
    routes=(
        Route(
            *("capacity", "容量", "capacity", "commercial"),
            (Condition("capacity_kva", Decimal(2000)),),
        ),
        Route(
            *("consumption", "电量", "consumption", "commercial"),
            (Condition("annual_kwh", Decimal(5000000)),),
        ),
        Route("high-danger", "高危", "danger", "commercial", (Condition("is_high_danger"),)),
    ),
)
ACCOUNTING = KeyAccountRecognition(
    measures=(Measure("business_volume", "业务量", "volume", "quantity", "CNY"),),
    routes=(
        Route(
            *("volume", "业务量", "volume", "commercial"),
            (Condition("business_volume", Decimal("200000.00")),),
            held_by="deputy-manager",
        ),
    ),
)
ON = date(2026, 3, 2)
CUSTOMER = Customer(UUID(int=1), "广州市某局", CustomerKind.COMMERCIAL, "440100", "GZ", ON)


def assessed(policy: KeyAccountRecognition, **known: Value) -> Assessment:
    return assess(policy, observe(policy, {}, known))


def decisive(policy: KeyAccountRecognition, **known: Value) -> str | None:
    route = assessed(policy, **known).decisive
    return None if route is None else route.route


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        ("10000.00", "1000.00", "threshold"),
        ("9999.99", "1000.00", None),
        ("10000.00", "999.99", None),
        ("9999.99", "999.99", None),
        ("1000000.00", "0.00", None),
        ("0.00", "1000000.00", None),
    ],
)
def test_r16_c14_the_year_and_the_month_both_reach_the_threshold(
    year: str, month: str, expected: str | None
) -> None:
    found = decisive(
        CITY_POST,
        previous_year_revenue=Decimal(year),
        current_month_revenue=Decimal(month),
    )
    assert found == expected


def test_r16_c14_a_contract_is_enough_without_any_revenue() -> None:
    assert decisive(CITY_POST, has_contract=True) == "contract"
    assert decisive(CITY_POST, has_contract=False) is None
    assert decisive(CITY_POST) is None


@pytest.mark.parametrize(
    ("measure", "below", "reached"),
    [
        ("capacity_kva", Decimal("1999.99"), Decimal("2000")),
        ("annual_kwh", Decimal("4999999.99"), Decimal("5000000")),
        ("is_high_danger", False, True),
    ],
)
def test_r17_one_of_three_is_enough(measure: str, below: Value, reached: Value) -> None:
    assert not assessed(UTILITY, **{measure: below}).is_recognised
    assert assessed(UTILITY, **{measure: reached}).is_recognised


def test_r18_business_volume_recognises_and_says_which_post_holds_the_data() -> None:
    assert decisive(ACCOUNTING, business_volume=Decimal("199999.99")) is None
    route = assessed(ACCOUNTING, business_volume=Decimal("200000.00")).decisive
    assert route is not None
    assert (route.route, route.held_by) == ("volume", "deputy-manager")


@pytest.mark.parametrize("body", ["government", "army", "police"])
def test_r15_an_influential_body_below_the_threshold_is_a_policy_account(body: str) -> None:
    route = assessed(CITY_POST, body=body, has_policy_influence=True).decisive
    assert route is not None
    assert (route.route, route.kind) == ("policy-influence", "policy")
    assert decisive(CITY_POST, body=body, has_policy_influence=False) is None
    assert decisive(CITY_POST, body=body) is None
    assert decisive(CITY_POST, body="school", has_policy_influence=True) is None


def test_r15_who_reaches_the_threshold_is_commercial_however_influential() -> None:
    found = decisive(CITY_POST, has_contract=True, body="police", has_policy_influence=True)
    assert found == "contract"


def test_r16_every_condition_says_its_limit_and_who_said_the_value() -> None:
    observed = observe(
        CITY_POST,
        {"previous_year_revenue": Decimal("1.00"), "has_contract": False, "elsewhere": True},
        {"previous_year_revenue": Decimal("20000.00")},
    )
    threshold = assess(CITY_POST, observed).routes[1].to_json()
    assert threshold["conditions"] == [
        {
            "measure": "previous_year_revenue",
            "limit": "10000.00",
            "source": "given",
            "is_met": True,
        },
        {
            "measure": "current_month_revenue",
            "limit": "1000.00",
            "source": None,
            "is_met": False,
        },
    ]
    assert observed["has_contract"].source is Source.REGISTRY
    assert "elsewhere" not in observed
    decision, _ = recognise(CUSTOMER, CITY_POST, observed, last=None, on=ON)
    assert (set(decision.inputs), set(decision.figures)) == (
        {"has_contract"},
        {"previous_year_revenue"},
    )
    assert decision.figures["previous_year_revenue"].to_json() == {
        "value": "20000.00",
        "source": "given",
    }


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"annual_kwh": Decimal(1)}, "/quantities/annual_kwh"),
        ({"has_contract": Decimal(1)}, "/quantities/has_contract"),
        ({"previous_year_revenue": True}, "/flags/previous_year_revenue"),
        ({"has_policy_influence": "yes"}, "/words/has_policy_influence"),
        ({"has_contract": True}, "/flags/has_contract"),
        ({"body": "police"}, "/words/body"),
    ],
)
def test_r15_what_the_policy_does_not_ask_or_registry_knows_itself_is_not_given(
    given: dict[str, Value], pointer: str
) -> None:
    with pytest.raises(UnknownMeasure) as refused:
        observe(CITY_POST, {"has_contract": False, "body": "government"}, given)
    assert refused.value.pointer == pointer


def test_r15_the_kind_follows_and_whoever_is_not_recognised_keeps_kind_and_stage() -> None:
    influence = observe(CITY_POST, {}, {"body": "police", "has_policy_influence": True})
    decision, policy = recognise(CUSTOMER, CITY_POST, influence, last=None, on=ON)
    assert (policy.kind, policy.version) == (CustomerKind.POLICY, 2)
    assert decision.assessment.is_recognised
    nothing, same = recognise(policy, CITY_POST, {}, last=Last(1, ON, is_recognised=True), on=ON)
    assert not nothing.assessment.is_recognised
    assert same is policy
    contract = observe(CITY_POST, {}, {"has_contract": True})
    assert (
        recognise(policy, CITY_POST, contract, last=Last(2, ON, is_recognised=False), on=ON)[1].kind
        == "commercial"
    )


def test_r15_decisions_follow_each_other_in_order_of_their_days() -> None:
    before = Last(4, ON, is_recognised=True)
    decision, _ = recognise(CUSTOMER, CITY_POST, {}, last=before, on=ON)
    assert decision.sequence == 5
    with pytest.raises(DecidedLater):
        recognise(CUSTOMER, CITY_POST, {}, last=before, on=ON - timedelta(days=1))


def test_r15_a_closed_customer_is_not_assessed() -> None:
    with pytest.raises(WrongState):
        recognise(dataclasses.replace(CUSTOMER, closed_on=ON), CITY_POST, {}, last=None, on=ON)


def test_r15_only_a_site_that_says_so_approves_none_but_the_recognised() -> None:
    strict = dataclasses.replace(CITY_POST, approves_recognised_only=True)
    for is_recognised in (None, False):
        require_recognised(CITY_POST, is_recognised)
        with pytest.raises(NotRecognised):
            require_recognised(strict, is_recognised)
    require_recognised(strict, is_recognised=True)


def test_r15_a_policy_with_a_route_that_can_never_be_decided_is_refused() -> None:
    route = CITY_POST.routes[0]
    for wrong, message in (
        (dataclasses.replace(route, all_of=()), "no condition"),
        (dataclasses.replace(route, kind="friend"), "friend"),
        (dataclasses.replace(route, all_of=(Condition("capacity_kva"),)), "capacity_kva"),
        (dataclasses.replace(route, all_of=(Condition("body"),)), "body"),
    ):
        with pytest.raises(ValueError, match=message):
            dataclasses.replace(CITY_POST, routes=(wrong,))
