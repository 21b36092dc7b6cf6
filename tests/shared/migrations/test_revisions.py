"""What a probe reads of the migrations is what Alembic finds."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory

from shared.contracts.catalogue import SERVICES
from shared.migrations.revisions import has_all, newest
from shared.migrations.run import configuration


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_revisions_are_alembics_heads(service: str) -> None:
    package = f"services.{service}"
    heads = ScriptDirectory.from_config(configuration(package)).get_heads()
    assert newest(package) == set(heads)


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_behind_the_code_lacks_something_and_one_ahead_of_it_does_not(
    service: str,
) -> None:
    package = f"services.{service}"
    heads = newest(package)
    kit = next(head for head in heads if head.startswith("kit_"))
    (own,) = heads - {kit}
    assert has_all(package, heads)
    assert has_all(package, {kit, f"{service}_9999_of_a_later_release"})
    assert has_all(package, {"kit_9999_of_a_later_release", own})
    assert not has_all(package, {"kit_0001", own})
    assert not has_all(package, {kit})
    assert not has_all(package, {kit, "another_9999_of_somebody_else"})
    assert not has_all(package, set())
