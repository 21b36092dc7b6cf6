"""What a short command opens and closes: the runtime, and if it needs it the broker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import typer
from nats.js import JetStreamContext

from shared import logs
from shared.errors import Refusal
from shared.service import Runtime, Service, runtime
from shared.settings import Settings


def read_settings(service: Service, process: str) -> Settings:
    """The settings of this process, with its logs configured."""
    settings = service.settings()
    logs.configure(service.name, process, settings.log_level)
    return settings


@asynccontextmanager
async def opened(service: Service, process: str) -> AsyncIterator[Runtime]:
    """The runtime for one command."""
    async with runtime(service, read_settings(service, process), process) as held:
        yield held


@asynccontextmanager
async def stream_of(held: Runtime) -> AsyncIterator[JetStreamContext]:
    """JetStream as this service's own user."""
    # Loaded only when it is used: FastStream would stay in the memory of every API process.
    from shared.messaging.broker import Connection

    password = held.settings.nats_password.get_secret_value()
    connection = Connection(
        held.settings.nats_url, held.service.name, password, exit_when_closed=False
    )
    client = await connection.open()
    try:
        yield JetStreamContext(client, timeout=10)
    finally:
        await connection.close()


@contextmanager
def explained() -> Iterator[None]:
    """Turn a refusal into two lines (Chinese, English) and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        typer.secho(f"{refusal.title_zh}: {refusal.detail_zh}", err=True, fg="red")
        typer.secho(f"{refusal.title_en}: {refusal.detail_en}", err=True, fg="red")
        raise typer.Exit(1) from None
