"""The directory of a service, on a database that starts empty."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from shared.contracts.envelope import Published
from shared.directory import DIRECTORY
from shared.messaging.consumers import Consumers
from shared.work import Work
from tests.support.facts import batch

Tell = Callable[..., Awaitable[None]]
"""Lets the facts given be followed, as one batch."""


@pytest.fixture
def tell(work: Work) -> Tell:
    async def follow(*events: Published) -> None:
        await Consumers(*DIRECTORY).dispatch(work, batch(*events))

    return follow
