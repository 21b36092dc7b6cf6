"""A clock that stands where a test puts it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

SITE = ZoneInfo("Asia/Shanghai")
TEST_BEGINS_AT = datetime(2026, 3, 16, 10, 0, tzinfo=SITE)
"""A Monday morning at the site, far from holidays and month ends."""


class SetClock:
    """Stands still until it is set or moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at `at`, which has an offset."""
        assert at.tzinfo is not None, "an instant has an offset"
        self._at = at

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._at += by


@pytest.fixture
def clock() -> SetClock:
    """What the service under test takes the time from: Monday 16 March 2026, 10:00 at the site."""
    return SetClock(TEST_BEGINS_AT)
