"""R-25: types of government bodies and the analysis of their value."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.recognition.government import (
    AnalysisIncomplete,
    BodyType,
    GovernmentBodies,
    GovernmentProfile,
    UnknownBodyType,
    ValueAspect,
    classify,
)

POLICY = GovernmentBodies(
    (BodyType("traffic", "交通", "Traffic"), BodyType("post", "邮政", "Post")),
    (
        ValueAspect("demand", "需求", "Demand", is_required=True),
        ValueAspect("budget", "预算", "Budget"),
    ),
)
PROFILE = GovernmentProfile(
    UUID(int=1), 1, "traffic", {"demand": "每年三万件"}, Decimal(1), None, date(2026, 3, 2)
)


def test_r25_a_body_of_a_known_type_with_its_analysis_is_classified() -> None:
    assert classify(POLICY, PROFILE) is PROFILE
    both = dataclasses.replace(PROFILE, analysis={"demand": "多", "budget": "财政"})
    assert classify(POLICY, both) is both


def test_r25_a_type_that_the_site_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownBodyType):
        classify(POLICY, dataclasses.replace(PROFILE, body_type="palace"))


@pytest.mark.parametrize(
    "analysis", [{}, {"demand": "  "}, {"budget": "财政"}, {"demand": "多", "mood": "好"}]
)
def test_r25_required_questions_are_answered_and_no_others(analysis: dict[str, str]) -> None:
    with pytest.raises(AnalysisIncomplete):
        classify(POLICY, dataclasses.replace(PROFILE, analysis=analysis))
