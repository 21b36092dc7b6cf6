"""What the shipped presets say: the figures of the sources, and which are ours."""

from __future__ import annotations

import pytest

from services.engagement.domain.complaints.service_levels import ServiceLevels
from services.engagement.domain.obligations.cadence import CadencePlan
from services.engagement.domain.obligations.periods import Unit
from services.engagement.domain.visits.expenses import ExpenseGate, Step
from services.engagement.domain.visits.verification import VerificationRules
from shared import presets
from shared.presets import Entry

PACKAGE = "services.engagement"
KINDS = (CadencePlan, VerificationRules, ExpenseGate, ServiceLevels)
NAMES = ["city-post-2012", "guangdong-post-2005", "property", "retail", "utility"]


def entries(preset: str) -> dict[str, Entry]:
    return {e.policy.policy_name: e for e in presets.shipped(PACKAGE, preset, KINDS).entries}


def cadence(preset: str) -> CadencePlan:
    plan = entries(preset)[CadencePlan.policy_name].policy
    assert isinstance(plan, CadencePlan)
    return plan


def levels(preset: str) -> ServiceLevels:
    body = entries(preset)[ServiceLevels.policy_name].policy
    assert isinstance(body, ServiceLevels)
    return body


def test_every_kind_of_site_has_a_preset() -> None:
    assert presets.names(PACKAGE) == NAMES


@pytest.mark.parametrize("preset", NAMES)
def test_every_preset_is_complete_and_says_where_its_figures_come_from(preset: str) -> None:
    shipped = entries(preset)
    assert set(shipped) == {kind.policy_name for kind in KINDS}
    assert shipped[ServiceLevels.policy_name].source == "ours"
    assert "003" in shipped[ExpenseGate.policy_name].source


@pytest.mark.parametrize("preset", ["guangdong-post-2005", "city-post-2012"])
def test_E_02_and_E_04_stand_in_the_post_presets_as_the_source_has_them(preset: str) -> None:
    plan = cadence(preset)
    assert plan.scheme == "city-post-2012"
    owed = {
        (tier, specialty): sorted((row.role, row.minimum) for row in rows)
        for tier, specialty in (
            ("platinum", None),
            ("gold", "comprehensive"),
            ("gold", "specialty"),
            ("vip", None),
        )
        if (rows := plan.rows_for(tier, specialty, None))
    }
    centre, manager = "marketing-centre-manager", "account-manager"
    assert owed == {
        ("platinum", None): [(centre, 1)],
        ("gold", "comprehensive"): [(manager, 2), (centre, 1)],
        ("gold", "specialty"): [(manager, 2)],
        ("vip", None): [(manager, 1)],
    }
    assert {row.period.unit for row in plan.rows} == {Unit.MONTH}


def test_E_06_and_E_07_stand_in_the_retail_preset_by_visit_class() -> None:
    plan = cadence("retail")
    days = {
        name: [row.period.days for row in plan.rows_for(None, None, name)]
        for name in ("a-1", "a-2", "b-1", "b-2")
    }
    assert days == {"a-1": [14, None], "a-2": [14], "b-1": [21], "b-2": []}


def test_E_15_the_utility_inspects_every_key_account_once_a_year() -> None:
    (row,) = cadence("utility").rows_for("key", None, None)
    assert (row.period.unit, row.minimum) == (Unit.YEAR, 1)


@pytest.mark.parametrize("preset", NAMES)
def test_E_13_every_site_leaves_a_customer_alone_for_three_days(preset: str) -> None:
    assert cadence(preset).minimum_gap_days == 3


@pytest.mark.parametrize("preset", NAMES)
def test_E_39_the_last_level_of_every_site_is_an_external_regulator_reached_by_a_person(
    preset: str,
) -> None:
    last = levels(preset).levels[-1]
    assert last.is_external
    assert last.after is None


@pytest.mark.parametrize("preset", NAMES)
def test_E_25_the_gate_has_its_steps_in_the_order_of_the_source(preset: str) -> None:
    gate = entries(preset)[ExpenseGate.policy_name].policy
    assert isinstance(gate, ExpenseGate)
    assert [step.step for step in gate.steps] == [
        Step.DIRECTOR_SIGNED,
        Step.ENTERED,
        Step.QUALIFIED,
    ]
