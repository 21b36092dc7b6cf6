"""The service under test."""

from __future__ import annotations

import pytest

from services.tiering.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """Tiering."""
    return SERVICE
