"""What tests about people have in common: facts that other systems send meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from shared.clock import Clock
from shared.messaging.cloudevents import Fact
from shared.service import Service, runtime
from shared.settings import Settings

Hear = Callable[..., Awaitable[None]]


@pytest.fixture
def hear(app: FastAPI, service: Service, settings: Settings, clock: Clock) -> Hear:
    """Lets registry take facts, each in a transaction of its own."""

    async def heard(*facts: Fact[Any]) -> None:
        async with runtime(service, settings, "tests", clock) as process:
            for fact in facts:
                async with process.works.begin() as work:
                    await service.consumers.dispatch(work, [fact])

    return heard
