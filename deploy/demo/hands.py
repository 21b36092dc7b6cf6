"""What the story may touch: the HTTP surface as people, the bus as other systems, and the commands
of an operator. There is no other way in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, time
from importlib import import_module
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import orjson
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.demo.world import Person
from deploy.local.suite import SERVICES, Suite
from shared import sweeps
from shared.clock import SystemClock
from shared.messaging.broker import Connection
from shared.messaging.draining import is_idle
from shared.messaging.relay import Row, send_atomically
from shared.service import Runtime, runtime

SITE = ZoneInfo("Asia/Shanghai")
_TOGETHER = 8
_BATCH = 500
_QUIET_ROUNDS = 2
_PAUSE_SECONDS = 0.03


class StoryFailed(Exception):
    """The suite said no to something that the story counts on."""


class Hands:
    """Opened once by the story; closes everything it holds."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._tokens: dict[str, str] = {}
        self._http: dict[str, httpx.AsyncClient] = {}
        self._systems: dict[str, Client] = {}
        self._streams: dict[str, JetStreamContext] = {}
        self._runtimes: dict[str, Runtime] = {}
        self._stack = AsyncExitStack()
        self.calls = 0
        self.facts = 0

    @asynccontextmanager
    async def opened(self, systems: Iterable[str]) -> AsyncIterator[Hands]:
        """Connect to every service over HTTP, to the bus as `systems`, and as operator."""
        # An operator's shell has the environment of the services that he runs.
        os.environ.update(self._suite.environment.variables())
        async with self._stack:
            for service in SERVICES:
                await self._open_service(service)
            for system in systems:
                self._systems[system] = await self._connect(system)
            yield self

    async def call(
        self,
        who: Person,
        service: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        version: int | None = None,
        **query: Any,
    ) -> Any:
        """One request as `who`; the decoded answer. Raises StoryFailed with the problem's words."""
        headers = {"authorization": f"Bearer {self._token(who)}"}
        if method == "POST":
            headers["idempotency-key"] = str(uuid4())
        if version is not None:
            headers["if-match"] = f'"{version}"'
        answer = await self._http[service].request(
            method, f"/v1{path}", json=body, headers=headers, params=query
        )
        self.calls += 1
        if answer.is_error:
            raise StoryFailed(f"{method} {service} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    async def pages(self, who: Person, service: str, path: str, **query: Any) -> list[Any]:
        """Everything of a paged list."""
        items: list[Any] = []
        token: str | None = None
        while True:
            more: dict[str, Any] = {"page_token": token} if token else {}
            page = await self.call(who, service, "GET", path, None, page_size=200, **query, **more)
            items += page["items"]
            token = page["next_page_token"]
            if token is None:
                return items

    async def tell(self, system: str, event: str, facts: Sequence[dict[str, Any]]) -> None:
        """Publish `facts` (data with a `ref`, and the day `_on` they are told) as `system`."""
        rows = [_row(system, event, fact) for fact in facts]
        for start in range(0, len(rows), _BATCH):
            await send_atomically(self._systems[system], rows[start : start + _BATCH])
        self.facts += len(rows)

    async def settle(self) -> None:
        """Wait until no service has anything left to send, to take or to acknowledge."""
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            idle = await asyncio.gather(*(self._is_idle(name) for name in SERVICES))
            quiet = quiet + 1 if all(idle) else 0
            await asyncio.sleep(_PAUSE_SECONDS)

    async def sweep(self, first: date, until: date) -> None:
        """Perform what falls due up to `until`, service by service, and let the facts arrive."""
        await self.settle()
        for held in self._runtimes.values():
            await sweeps.perform(held.works, held.service.sweeps, until, first)
        await self.settle()

    def _token(self, who: Person) -> str:
        if who.staff_code not in self._tokens:
            issuer = self._suite.environment.issuer
            self._tokens[who.staff_code] = issuer.mint(
                who.staff_code, who.unit, who.roles, SystemClock().now()
            )
        return self._tokens[who.staff_code]

    async def _open_service(self, name: str) -> None:
        client = httpx.AsyncClient(
            base_url=self._suite.urls[name],
            timeout=60,
            limits=httpx.Limits(max_connections=_TOGETHER, max_keepalive_connections=_TOGETHER),
            trust_env=False,
        )
        self._http[name] = await self._stack.enter_async_context(client)
        service = import_module(f"services.{name}.app").SERVICE
        held = runtime(service, service.settings(), "story")
        self._runtimes[name] = await self._stack.enter_async_context(held)
        self._streams[name] = JetStreamContext(await self._connect(name), timeout=10)

    async def _connect(self, user: str) -> Client:
        variables = self._suite.environment.variables()
        password = variables[f"{user.upper().replace('-', '_')}_NATS_PASSWORD"]
        connection = Connection(variables["NATS_URL"], user, password, exit_when_closed=False)
        client = await connection.open()
        self._stack.push_async_callback(connection.close)
        return client

    async def _is_idle(self, name: str) -> bool:
        held = self._runtimes[name]
        return await is_idle(name, held.service.consumers, held.engine, self._streams[name])


async def together(acts: Iterable[Any]) -> list[Any]:
    """Await `acts` a few at a time, in any order; their results in the given one."""
    gate = asyncio.Semaphore(_TOGETHER)

    async def one(act: Any) -> Any:
        async with gate:
            return await act

    return list(await asyncio.gather(*(one(act) for act in acts)))


def instant(day: date, hour: int, minute: int = 0) -> str:
    """A moment of `day` at the site, as it is written in a fact."""
    return datetime.combine(day, time(hour, minute), SITE).isoformat()


def yuan(amount: object) -> dict[str, str]:
    """Money as facts and requests carry it."""
    return {"amount": f"{amount:.2f}", "currency": "CNY"}


def _row(system: str, event: str, fact: dict[str, Any]) -> Row:
    told_on: date = fact["_on"]
    data = {name: value for name, value in fact.items() if name != "_on"}
    event_id = f"{event}-{data.get('ref') or data['code']}"
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/{system}",
            "type": f"enterprise.{event}.v1",
            "time": instant(told_on, 20),
            "data": data,
        }
    )
    return Row(0, f"enterprise.{system}.{event}.v1", f"{system}/{event_id}", body)
