"""How a request gets in: who calls, may he use the route, and which transaction it runs in."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from shared.auth import Caller, TokenVerifier, confirm
from shared.http import idempotency
from shared.http.reading import Readings
from shared.http.tracing import trace_of
from shared.messaging.trouble import MAY_PASS, is_transient
from shared.work import Work, Works

Answer = Callable[[Request, Work], Awaitable[Response]]
NoteRefused = Callable[[Work, Request, Exception], Awaitable[None]]
"""Writes down that a request was refused: a Refusal, or a RequestValidationError."""

_TRIES = 3
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Entrance:
    """What every route of one service needs; made in the wiring, found on `app.state`."""

    works: Works
    readings: Readings
    tokens: TokenVerifier

    async def caller(self, request: HTTPConnection) -> Caller:
        """Who calls, by his token alone. Raises Unauthorized."""
        return await self.tokens.caller(request.headers.get("authorization"))

    async def read(self, request: Request, caller: Caller, answer: Answer) -> Response:
        """Answer in a read-only transaction in which only what `caller` may see exists."""
        return await self.readings.read(
            caller, trace_of(request.scope), lambda work: answer(request, work)
        )

    async def command(
        self, request: Request, caller: Caller, answer: Answer, key: idempotency.Key | None
    ) -> Response:
        """Answer in a transaction that is committed before the answer is returned.

        A transaction that fails by passing trouble (a deadlock, a lost connection) took no effect
        and is tried again, unless the connection was lost while committing: without a key nobody
        knows then whether it took effect, so the trouble is the caller's to see.
        """
        for attempt in range(1, _TRIES + 1):
            reached_commit = False
            try:
                async with self._begin(request, caller) as work:
                    response = await self._once(request, work, answer, key)
                    reached_commit = True
                return response
            except MAY_PASS as error:
                is_unsure = reached_commit and key is None
                if attempt == _TRIES or is_unsure or not is_transient(error):
                    raise
                await asyncio.sleep(_PAUSE_SECONDS * attempt * (0.5 + random.random()))
        raise AssertionError("the last try returns or raises")

    async def note(
        self, request: Request, caller: Caller, note_refused: NoteRefused, error: Exception
    ) -> None:
        """Commit what a refused request leaves behind, before the refusal is answered.

        Who calls is said by the token alone: one whom registry does not confirm is noted too.
        """
        async with self._begin(request, caller) as work:
            await note_refused(work, request, error)

    def _begin(self, request: Request, caller: Caller) -> AbstractAsyncContextManager[Work]:
        trace = trace_of(request.scope)
        return self.works.begin(
            caller=caller,
            correlation_id=trace.correlation_id,
            traceparent=trace.traceparent,
        )

    async def _once(
        self, request: Request, work: Work, answer: Answer, key: idempotency.Key | None
    ) -> Response:
        await _enter(work)
        if key is not None:
            earlier = await idempotency.find(work, key)
            if earlier is not None:
                return earlier
        response = await answer(request, work)
        if key is not None:
            await idempotency.store(work, key, response)
        return response


async def _enter(work: Work) -> None:
    """Tell the database who asks, for `grants.visible`, and have registry confirm him."""
    caller = work.caller
    assert caller is not None, "a request has a caller"
    row = await work.row(
        "SELECT state, unit, roles FROM kit.enter(:staff, :unit, :today)",
        staff=caller.staff_code,
        unit=caller.unit,
        today=work.today,
    )
    assert row is not None, "kit.enter always returns one row"
    confirm(caller, row["state"], row["unit"], row["roles"])
