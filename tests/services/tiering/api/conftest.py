"""A service with revenue, owners and a denominator in it, asked over HTTP."""

from __future__ import annotations

import pytest

from shared.service import Runtime
from tests.services.tiering.stories import earn, own, report_city
from tests.support import cast


@pytest.fixture
async def furnished(process: Runtime) -> Runtime:
    """Two customers of Guangzhou and one of Shenzhen have earned revenue in 2025."""
    async with process.works.begin() as work:
        await own(work)
        await earn(work, {cast.ELECTRONICS: "1500000.00", cast.INSURER: "20000.00"})
        await earn(work, {cast.SOFTWARE: "700000.00"})
        await report_city(work, "1000000000.00")
    return process
