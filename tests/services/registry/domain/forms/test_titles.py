"""What tiers are called on paper (R-35, X-05)."""

from __future__ import annotations

import pytest

from services.registry.domain.forms.titles import (
    PrintedForms,
    PrintedScheme,
    TierTitle,
    UnknownScheme,
)

POST = PrintedScheme("post", "邮政", (TierTitle("gold", "黄金"), TierTitle("silver", "白银")))
RETAIL = PrintedScheme("retail", "零售", (TierTitle("a", "A类"),))
FORMS = PrintedForms((POST, RETAIL))


def test_r35_the_first_scheme_is_printed_when_nobody_asks_for_another() -> None:
    assert FORMS.scheme(None) is POST
    assert FORMS.scheme("retail") is RETAIL


def test_r35_an_unknown_scheme_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownScheme) as refused:
        FORMS.scheme("utility")
    assert refused.value.facts == {"known": ["post", "retail"]}


def test_r35_a_site_without_schemes_prints_customers_without_tiers() -> None:
    scheme = PrintedForms(()).scheme(None)
    assert (scheme.order, scheme.name(None), scheme.name("gold")) == ([], "未定级", "gold")


def test_r35_a_tier_is_called_as_policy_says_and_an_unnamed_one_as_it_is() -> None:
    assert [POST.name(tier) for tier in ("gold", "silver", "ordinary", None)] == [
        *("黄金", "白银", "ordinary", "未定级")
    ]
    assert POST.order == ["gold", "silver"]
