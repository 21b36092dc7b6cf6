"""R-10: one account manager per 8 to 15 key accounts."""

from __future__ import annotations

import pytest

from services.registry.domain.people.workload import Load, ManagerLoad, assess


@pytest.mark.parametrize(
    ("accounts", "load"),
    [(0, Load.BELOW), (7, Load.BELOW), (8, Load.WITHIN), (15, Load.WITHIN), (16, Load.ABOVE)],
)
def test_r10_both_borders_are_within(accounts: int, load: Load) -> None:
    assert assess(accounts, ManagerLoad(minimum=8, maximum=15)) is load
