"""What a service is made of, and what one process of it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock, SystemClock
from shared.crypto import Box
from shared.database import create_engine
from shared.messaging.consumers import Consumers
from shared.messaging.receiving import Receiver, dispatch_claimed
from shared.settings import Settings
from shared.sweeps import Sweeps
from shared.work import Work, Works

if TYPE_CHECKING:
    import typer

    from shared.importing import ImportKind

Republish = Callable[[Work, str | None], Awaitable[str | None]]
"""Publishes one page of current state again, at unchanged versions.

Takes the last key of the page before (None at first) and returns its own last key, or None when
nothing is left.
"""


AddCommands = Callable[["typer.Typer", "Service"], None]
"""Adds operators' commands that only this service has to its command line."""


@dataclass(frozen=True, slots=True)
class Service:
    """The wiring of one service: everything that makes it different from the other three."""

    name: str
    package: str
    settings: type[Settings]
    metadata: MetaData
    consumers: Consumers
    routers: Callable[[], tuple[APIRouter, ...]] = tuple
    """Asked by the API process alone: routes and their models are a good part of its memory."""
    sweeps: Sweeps = field(default_factory=Sweeps)
    policies: tuple[type[Any], ...] = ()
    imports: Mapping[str, ImportKind] = field(default_factory=dict)
    republish: Mapping[str, Republish] = field(default_factory=dict)
    commands: tuple[AddCommands, ...] = ()


@dataclass(frozen=True, slots=True)
class Runtime:
    """What one process of a service holds while it runs."""

    service: Service
    settings: Settings
    engine: AsyncEngine
    works: Works
    receiver: Receiver


@asynccontextmanager
async def runtime(
    service: Service, settings: Settings, process: str, clock: Clock | None = None
) -> AsyncIterator[Runtime]:
    """Everything a process needs to open units of work; closed with the block."""
    engine = create_engine(settings, f"{service.name}-{process}")
    works = Works(
        service=service.name,
        engine=engine,
        clock=clock or SystemClock(),
        zone=settings.zone,
        currency=settings.currency,
        box=_box(settings),
        dispatch=partial(dispatch_claimed, service.consumers),
    )
    receiver = Receiver(service.name, works, service.consumers, settings.currency, settings.zone)
    try:
        yield Runtime(service, settings, engine, works, receiver)
    finally:
        await engine.dispose()


def _box(settings: Settings) -> Box:
    marks = settings.mark_keys
    keys = None if marks is None else marks.get_secret_value()
    return Box(settings.data_keys.get_secret_value(), keys)
