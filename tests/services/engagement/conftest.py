"""Engagement under test."""

from __future__ import annotations

import pytest

from services.engagement.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """The service under test."""
    return SERVICE
