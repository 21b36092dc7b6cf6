"""What every test may ask for; see tests/support."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# No deadline: machines are busy. In CI the same examples every time.
settings.register_profile("dakehu", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("dakehu")

pytest_plugins = (
    "tests.support.servers",
    "tests.support.clocks",
    "tests.support.databases",
    "tests.support.works",
    "tests.support.http",
    "tests.support.suites",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that talk to a broker: they run again with the broker in a container."""
    for item in items:
        if "new_nats_server" in getattr(item, "fixturenames", ()):
            item.add_marker("broker")
