"""`python -m tests.benchmarks.exporting`: a large register leaves over HTTP as a file.

Makes a register of its own, serves registry's API in this process, and reads the export as a
director of the province does: everything as CSV and as XLSX, and those that a word finds.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvicorn
from rich.console import Console
from rich.table import Table

from deploy.local.processes import free_port
from deploy.local.servers import EmbeddedPostgres
from services.registry.app import SERVICE
from shared import presets
from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.clock import SystemClock
from shared.http.app import create_api
from shared.migrations.run import upgrade
from shared.service import runtime
from shared.settings import Settings
from tests.benchmarks import million
from tests.benchmarks.memory import megabytes
from tests.support.databases import DEFAULT_PRESET, settings_of

ASKED: tuple[Mapping[str, str], ...] = (
    {"format": "csv"},
    {"format": "xlsx"},
    {"format": "csv", "name": "汕头"},
)


def main(
    customers: Annotated[int, typer.Option(help="how many customers the register has")] = 100_000,
) -> None:
    """Make the register, export, print."""
    with tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data", is_durable=False)
        server.start()
        try:
            issuer = DevelopmentIssuer(Path(folder))
            settings = _founded(server, issuer)
            million.make(settings.database_url, customers)
            token = issuer.mint("province", million.PROVINCE, ("director",), SystemClock().now())
            with _served(settings) as url:
                _measure(url, token)
        finally:
            server.stop()


def _founded(server: EmbeddedPostgres, issuer: DevelopmentIssuer) -> Settings:
    server.provide("registry", "bench")
    url = server.url("registry", "registry", "bench")
    tokens = {"jwt_issuer": DEVELOPMENT_ISSUER, "jwks_url": issuer.jwks_url}
    settings = settings_of(SERVICE, url, **tokens)
    upgrade(settings.sqlalchemy_url, SERVICE.package)
    asyncio.run(_load_policies(settings))
    return settings


async def _load_policies(settings: Settings) -> None:
    async with (
        runtime(SERVICE, settings, "benchmark", SystemClock()) as process,
        process.works.begin() as work,
    ):
        preset = presets.shipped(SERVICE.package, DEFAULT_PRESET, SERVICE.policies)
        await presets.load(work, preset)


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    port = free_port()
    api = create_api(SERVICE, settings, SystemClock())
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def _measure(url: str, token: str) -> None:
    table = Table("asked", "seconds", "until the first byte", "MB sent", "MB more in memory")
    headers = {"authorization": f"Bearer {token}"}
    for asked in ASKED:
        before, started = megabytes(os.getpid()), time.monotonic()
        sent, first, most = 0, 0.0, before
        params = {"purpose": "benchmark", **asked}
        with (
            httpx.Client(base_url=url, headers=headers, timeout=600, trust_env=False) as client,
            client.stream("GET", "/v1/customers/export", params=params) as answer,
        ):
            answer.raise_for_status()
            for part in answer.iter_bytes():
                first = first or time.monotonic() - started
                sent += len(part)
                most = max(most, megabytes(os.getpid()))
        table.add_row(
            " ".join(asked.values()),
            f"{time.monotonic() - started:.1f}",
            f"{first:.1f}",
            f"{sent / 1e6:.1f}",
            f"{most - before:.0f}",
        )
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
