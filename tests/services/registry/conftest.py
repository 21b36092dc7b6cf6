"""Registry under test: the cast of units and staff is in its own tables too."""

from __future__ import annotations

import pytest

from services.registry.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """Registry as it is deployed."""
    return SERVICE
