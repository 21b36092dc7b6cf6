"""T-29: the explanation holds everything that made the score."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, cast

from services.tiering.domain.periods import period_ending
from services.tiering.domain.schemes.schemes import Window
from services.tiering.domain.scoring.explanation import explain, inputs_of
from services.tiering.domain.scoring.scoring import FactorInput, score
from tests.services.tiering.schemes import money, post_2005, scored, unit_revenue

PERIOD = period_ending(Window("year"), date(2025, 12, 31))
V5 = score(
    post_2005(),
    {
        "revenue": FactorInput(money("833333.33")),
        "share": FactorInput(money("2.25"), unit_revenue("1000")),
    },
)


def explained() -> dict[str, Any]:
    document = explain(post_2005(), 3, PERIOD, V5)
    return cast("dict[str, Any]", json.loads(json.dumps(document)))


def test_an_explanation_names_scheme_version_period_and_cut_off() -> None:
    document = explained()
    assert document["scheme"] == {"name": "guangdong-post-2005", "version": 3, "kind": "points"}
    assert document["period"]["cut_off"] == "2025-12-31"


def test_an_explanation_shows_the_raw_sum_the_rounding_and_what_decided() -> None:
    document = explained()
    assert document["raw"]["exact"] == "79.9999998"
    assert document["shown"] == "80.00"
    assert document["rounding"]["tier_decided_on"] == "unrounded"
    assert document["tier"] == "silver"


def test_an_explanation_has_inputs_with_source_and_date_and_the_denominator() -> None:
    revenue, share, credit = explained()["factors"]
    assert revenue["input"]["value"] == {
        "value": "833333.33",
        "unit": "CNY",
        "source": "dakehu.billing.revenue_posted.v1",
        "on": "2025-12-31",
        "count": 1,
    }
    assert share["input"]["denominator"]["unit"] == "440100"
    assert share["input"]["denominator"]["ref"] == "UR-1"
    assert share["points"]["exact"] == "30"
    assert (credit["is_counted"], credit["input"], credit["weight"]) == (False, None, "0")


def test_an_explanation_says_how_far_every_border_is() -> None:
    distances = {d["tier"]: d["distance"]["exact"] for d in explained()["distances"]}
    assert distances["gold"] == "-0.0000002"
    assert distances["silver"] == "9.9999998"


def test_an_explanation_says_where_the_cap_took_points() -> None:
    factor = cast(
        "list[dict[str, Any]]",
        explain(post_2005(), 1, PERIOD, scored(post_2005(), "1500000"))["factors"],
    )[0]
    assert factor["limited_by"] == "cap"
    assert (factor["uncapped"]["exact"], factor["points"]["exact"]) == ("90", "60")


def test_the_inputs_alone_can_be_compared_later() -> None:
    assert set(inputs_of(V5)) == {"revenue", "share"}
