"""(b): one customer over HTTP, against a bare FastAPI route with the same query."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg

from deploy.local.cast import CAST, Person
from deploy.local.folders import ROOT
from deploy.local.processes import Child, free_port
from shared.clock import SystemClock, business_date
from tests.benchmarks.facts import code_of
from tests.benchmarks.passes import Pass, Start
from tests.benchmarks.site import Site, wait_for

_CONNECTIONS = 8
_READER = next(person for person in CAST if person.unit == "GZ")
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to read again and again, with the token to read it with."""

    url: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Reads:
    """What registry answered, and the bare route right after it."""

    registry: Pass
    bare: Pass


async def measure(site: Site, seconds: float, rounds: int) -> list[Reads]:
    """Read one customer from registry and from the bare app in turns, `seconds` each."""
    site.run_only("registry-api")
    # As autovacuum does within a minute: nobody reads a register without statistics for long.
    with psycopg.connect(site.database_url("registry"), autocommit=True) as connection:
        connection.execute("ANALYZE")
    ours = _customer(site, _READER)
    async with _bare_app(site, _READER) as url:
        bare = Target(f"{url}/customers/{ours.url.rpartition('/')[2]}")
        for target in (ours, bare):
            await read(target, 1.0)
        return [Reads(await read(ours, seconds), await read(bare, seconds)) for _ in range(rounds)]


async def read(target: Target, seconds: float) -> Pass:
    """Read over a few kept connections, for `seconds`. Raises on any other answer than 200."""
    start = Start.now()
    deadline = start.seconds + seconds
    counts = await asyncio.gather(*(_read(target, deadline) for _ in range(_CONNECTIONS)))
    return start.passed(sum(counts), time.perf_counter())


def _customer(site: Site, reader: Person) -> Target:
    """One customer's page at registry, with the token of `reader`, in whose sight it is."""
    now = SystemClock().now()
    issuer = site.suite.environment.issuer
    token = issuer.mint(reader.staff_code, reader.unit, reader.roles, now)
    pages = f"{site.suite.urls['registry']}/v1/customers"
    search = urllib.request.Request(
        f"{pages}?system=erp&code={code_of(0)}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(search, timeout=10) as answer:
        (found,) = json.load(answer)["items"]
    return Target(f"{pages}/{found['customer_key']}", token)


@asynccontextmanager
async def _bare_app(site: Site, reader: Person) -> AsyncIterator[str]:
    """The URL of the bare app, a process of its own, inside."""
    port = free_port()
    today = business_date(SystemClock().now(), _ZONE).isoformat()
    told = [str(port), site.database_url("registry"), reader.staff_code, reader.unit, today]
    app = Child.start(
        [site.suite.environment.python, "-m", "tests.benchmarks.bare", *told],
        log=site.suite.var / "log" / "bare.log",
        folder=ROOT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await asyncio.to_thread(wait_for, app, f"{url}/openapi.json")
        yield url
    finally:
        app.end()


async def _read(target: Target, deadline: float) -> int:
    parts = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Accept: application/json"]
    if target.token:
        lines.append(f"Authorization: Bearer {target.token}")
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    answered = 0
    try:
        while time.perf_counter() < deadline:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(head.decode())
            await reader.readexactly(_length(head))
            answered += 1
    finally:
        writer.close()
    return answered


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise RuntimeError("an answer without a length")
