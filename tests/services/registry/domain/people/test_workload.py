"""R-10: one account manager per 8 to 15 key accounts."""

from __future__ import annotations

import pytest

from services.registry.domain.people.workload import (
    Load,
    ManagerLoad,
    Staffing,
    StaffingPlan,
    assess,
    plan_staff,
)


@pytest.mark.parametrize(
    ("accounts", "load"),
    [(0, Load.BELOW), (7, Load.BELOW), (8, Load.WITHIN), (15, Load.WITHIN), (16, Load.ABOVE)],
)
def test_r10_both_borders_are_within(accounts: int, load: Load) -> None:
    assert assess(accounts, ManagerLoad(minimum=8, maximum=15)) is load


@pytest.mark.parametrize(
    ("accounts", "managers", "plan"),
    [
        (0, 0, StaffingPlan(0, 0, Staffing.ENOUGH)),
        (0, 1, StaffingPlan(0, 0, Staffing.TOO_MANY)),
        (7, 1, StaffingPlan(1, 1, Staffing.ENOUGH)),
        (15, 1, StaffingPlan(1, 1, Staffing.ENOUGH)),
        (16, 1, StaffingPlan(2, 2, Staffing.TOO_FEW)),
        (16, 2, StaffingPlan(2, 2, Staffing.ENOUGH)),
        (30, 3, StaffingPlan(2, 3, Staffing.ENOUGH)),
        (30, 4, StaffingPlan(2, 3, Staffing.TOO_MANY)),
        (31, 2, StaffingPlan(3, 3, Staffing.TOO_FEW)),
    ],
)
def test_r10_a_centre_needs_managers_for_its_accounts(
    accounts: int, managers: int, plan: StaffingPlan
) -> None:
    assert plan_staff(accounts, managers, ManagerLoad(minimum=8, maximum=15)) == plan
