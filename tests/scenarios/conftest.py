"""The suite into which files are imported, shared by what imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.cast import load_cast
from deploy.local.suite import Suite
from tests.scenarios.import_mappings import MAPPINGS
from tests.scenarios.importing_site import Site


@pytest.fixture(scope="session")
def importing(new_suite: Callable[[str], Suite]) -> Suite:
    """A suite of its own, with units and people who came in from files."""
    suite = new_suite("imports")
    load_cast(suite)
    return suite


@pytest.fixture
def site(importing: Suite, tmp_path: Path) -> Site:
    """The suite as an operator meets it, with all mappings in a new folder."""
    site = Site(importing, tmp_path)
    for name, mapping in MAPPINGS.items():
        site.write(f"{name}.yaml", mapping)
    return site
