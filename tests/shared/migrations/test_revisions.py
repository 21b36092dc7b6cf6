"""What a probe reads of the migrations is what Alembic finds."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory

from shared.contracts.catalogue import SERVICES
from shared.migrations.revisions import newest
from shared.migrations.run import configuration


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_revisions_are_alembics_heads(service: str) -> None:
    package = f"services.{service}"
    heads = ScriptDirectory.from_config(configuration(package)).get_heads()
    assert newest(package) == set(heads)
