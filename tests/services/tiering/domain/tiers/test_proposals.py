"""T-29, T-30: proposals are decided once, by somebody, and take effect on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.tiering.domain.policies import RuleInForce
from services.tiering.domain.tiers.proposals import (
    EffectiveTooEarly,
    NothingOverridden,
    Override,
    Proposal,
    ProposalNotOpen,
    UnknownTier,
    approve,
    is_due,
    override,
    refuse,
    withdraw,
)
from shared.identifiers import derived_id
from tests.services.tiering.schemes import post_2005, rule

TODAY = date(2026, 1, 20)
OPEN = Proposal(
    proposal_id=derived_id("proposal"),
    version=1,
    customer_key=derived_id("customer"),
    scheme="guangdong-post-2005",
    scheme_version=1,
    score_id=derived_id("score"),
    score_version=1,
    period="2025",
    cut_off=date(2025, 12, 31),
    kind="demotion",
    before="gold",
    after="silver",
    is_above_range=False,
    state="proposed",
    proposed_on=TODAY,
    policy_version=1,
)
RULE = RuleInForce(rule(), 2)
BY_CHEN = Override("gold", "chen", "区域影响力")


def test_an_approved_proposal_takes_effect_on_the_day_of_approval() -> None:
    approved = approve(OPEN, RULE, "chen", TODAY, None)
    assert (approved.state, approved.version, approved.decided_by) == ("approved", 2, "chen")
    assert approved.effective_on == TODAY and approved.policy_version == 2
    assert is_due(approved, TODAY) and not is_due(approved, TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("on", "effective_on"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2025, 12, 31), date(2026, 1, 1)),
    ],
)
def test_a_policy_may_let_tiers_change_with_the_next_month(on: date, effective_on: date) -> None:
    monthly = RuleInForce(replace(rule(), effective="next_month"), 2)
    assert approve(OPEN, monthly, "chen", on, None).effective_on == effective_on


def test_a_later_day_may_be_named_and_an_earlier_one_only_if_the_policy_says_so() -> None:
    later, earlier = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    assert approve(OPEN, RULE, "chen", TODAY, later).effective_on == later
    assert approve(OPEN, RULE, "chen", TODAY, TODAY).effective_on == TODAY
    with pytest.raises(EffectiveTooEarly):
        approve(OPEN, RULE, "chen", TODAY, earlier)
    backdated = approve(OPEN, RuleInForce(rule(may_backdate=True), 2), "chen", TODAY, earlier)
    assert backdated.effective_on == earlier


def test_an_override_keeps_the_score_and_names_person_and_reason() -> None:
    decided = override(OPEN, post_2005(), RULE, BY_CHEN, TODAY, None)
    assert decided.after == "silver"
    assert decided.decided_tier == "gold"
    assert decided.override == BY_CHEN and decided.reason == "区域影响力"


def test_an_override_by_a_tier_that_the_scheme_lacks_is_refused() -> None:
    with pytest.raises(UnknownTier):
        override(OPEN, post_2005(), RULE, replace(BY_CHEN, tier="platinum"), TODAY, None)


def test_an_override_by_the_score_itself_is_refused() -> None:
    with pytest.raises(NothingOverridden):
        override(OPEN, post_2005(), RULE, replace(BY_CHEN, tier="silver"), TODAY, None)


def test_a_proposal_is_decided_once() -> None:
    for closed in (
        approve(OPEN, RULE, "chen", TODAY, None),
        refuse(OPEN, "chen", TODAY, "客户正在谈判"),
        withdraw(OPEN, "scored again"),
    ):
        with pytest.raises(ProposalNotOpen):
            approve(closed, RULE, "li", TODAY, None)
        with pytest.raises(ProposalNotOpen):
            refuse(closed, "li", TODAY, "…")
        with pytest.raises(ProposalNotOpen):
            override(closed, post_2005(), RULE, BY_CHEN, TODAY, None)


def test_a_newer_score_withdraws_what_is_not_in_effect_yet() -> None:
    approved = approve(OPEN, RULE, "chen", TODAY, TODAY + timedelta(days=9))
    assert withdraw(approved, "scored again").state == "withdrawn"
    with pytest.raises(ProposalNotOpen):
        withdraw(replace(approved, effected_on=TODAY), "scored again")


def test_what_is_refused_or_withdrawn_never_takes_effect() -> None:
    far = TODAY + timedelta(days=999)
    assert not is_due(refuse(OPEN, "chen", TODAY, "客户正在谈判"), far)
    assert not is_due(withdraw(OPEN, "scored again"), far)
    assert not is_due(OPEN, far)
