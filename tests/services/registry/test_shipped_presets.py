"""R-06, R-11, R-15 to R-18, R-25, R-77: what the shipped presets say of centres and conduct."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import pytest

from services.registry.app import SERVICE
from services.registry.domain.centres.centre_names import CentreOrganisation
from services.registry.domain.centres.region_classes import RegionClasses
from services.registry.domain.centres.specialty_centres import SpecialtyCentres
from services.registry.domain.conduct.penalties import MisusePenalties
from services.registry.domain.recognition.criteria import KeyAccountRecognition
from services.registry.domain.recognition.government import GovernmentBodies
from shared import presets

P = TypeVar("P")
POST = ("guangdong-post-2005", "city-post-2012")


def body(preset: str, kind: type[P]) -> P:
    shipped = presets.shipped(SERVICE.package, preset, SERVICE.policies)
    (found,) = [each.policy for each in shipped.entries if isinstance(each.policy, kind)]
    return found


@pytest.mark.parametrize("preset", POST)
def test_r02_posts_name_their_centres_by_the_pattern_of_the_rule(preset: str) -> None:
    assert body(preset, CentreOrganisation).name_pattern == "***邮政局大客户中心"


@pytest.mark.parametrize("preset", POST)
def test_r06_seven_cities_for_philately_and_nine_for_express(preset: str) -> None:
    policy = body(preset, SpecialtyCentres)
    philately = set(policy.cities_of("mail-philately"))
    express = set(policy.cities_of("express-logistics"))
    assert (len(philately), len(express)) == (7, 9)
    assert express - philately == {"441300", "440500"}
    assert (policy.revenue_above, policy.share_above) == (Decimal("30000000.00"), Decimal("0.10"))


@pytest.mark.parametrize("preset", POST)
def test_r11_the_four_classes_hold_the_twenty_one_cities(preset: str) -> None:
    classes = body(preset, RegionClasses).classes
    assert [(each.region_class, len(each.divisions)) for each in classes] == [
        *((1, 2), (2, 6), (3, 8), (4, 5))
    ]


def test_r16_r17_each_site_has_its_own_routes() -> None:
    routes = {
        preset: [route.route for route in body(preset, KeyAccountRecognition).routes]
        for preset in presets.names(SERVICE.package)
    }
    assert routes["city-post-2012"] == ["contract", "threshold", "policy-influence"]
    assert routes["utility"] == ["capacity", "consumption", "high-danger"]


@pytest.mark.parametrize("preset", presets.names(SERVICE.package))
def test_r25_r77_eight_bodies_and_three_grades_at_every_site(preset: str) -> None:
    assert len(body(preset, GovernmentBodies).types) == 8
    penalties = body(preset, MisusePenalties)
    assert [grade.grade for grade in penalties.grades] == ["light", "severe", "malicious"]
    assert penalties.catalogue("light", "forwarding-without-approval") == ("written-warning",)
    assert "demotion" in penalties.catalogue("severe", "leak")
