"""A service with a gold customer in it, asked over HTTP."""

from __future__ import annotations

from datetime import date

import pytest

from shared.service import Runtime
from tests.services.engagement.stories import comprehensive_gold, sweep
from tests.support import cast


@pytest.fixture
async def furnished(process: Runtime) -> Runtime:
    """Comprehensive-gold electronics of Guangzhou, duties kept from March 2026 on."""
    async with process.works.begin() as work:
        await comprehensive_gold(work, cast.ELECTRONICS)
        await sweep(work, date(2026, 3, 1))
    return process
