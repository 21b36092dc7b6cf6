"""Who may export customers, and how many at once (X-11)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shared.documents.permission import (
    ExportTooLarge,
    NotAnExporter,
    require_exporter,
    require_size,
)


@dataclass(frozen=True)
class Exports:
    """The policy of a service."""

    roles: tuple[str, ...]
    largest: int


POLICY = Exports(roles=("director", "market_department"), largest=100)


def test_x11_one_of_the_policys_roles_exports() -> None:
    require_exporter(frozenset({"telephone", "director"}), POLICY, 3)


@pytest.mark.parametrize("roles", [frozenset(), frozenset({"telephone"})])
def test_x11_others_do_not_and_learn_who_does(roles: frozenset[str]) -> None:
    with pytest.raises(NotAnExporter) as refused:
        require_exporter(roles, POLICY, 3)
    assert refused.value.facts == {"roles": ["director", "market_department"], "policy_version": 3}


def test_x11_an_export_has_as_many_rows_as_the_policy_says_and_not_one_more() -> None:
    require_size(100, POLICY, 3)
    with pytest.raises(ExportTooLarge) as refused:
        require_size(101, POLICY, 3)
    assert refused.value.facts == {"rows": 101, "limit": 100, "policy_version": 3}
