"""A TCP proxy between a worker and a server, for cutting and stalling the line between them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

_PATIENCE_SECONDS = 10


@dataclass(eq=False, slots=True)
class _Line:
    """One connection through the proxy: the client's half and the server's half."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    unwanted: bytes | None = None
    """The first answer that contains this is not forwarded: the line is cut instead."""

    def cut(self) -> None:
        for half in (self.client, self.server):
            half.transport.abort()


class Proxy:
    """Forwards TCP connections to a port of the loopback until it is told otherwise.

    It lives in a thread of its own, so that a test that blocks its event loop stalls no line.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._trap: tuple[bytes, bytes] | None = None
        self._sprung = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._run(self._listen())
        """Where clients connect to."""

    def cut(self) -> None:
        """Reset every connection and any new one, until `heal`."""
        self._run(self._cut())

    def drop(self) -> None:
        """Reset every connection that is open now; new ones are forwarded."""
        self._run(self._drop())

    def stall(self) -> None:
        """Keep connections open but move no byte, until `heal`."""
        self._run(self._stall())

    def heal(self) -> None:
        """Forward again, with every byte that a stall has held back."""
        self._run(self._heal())

    def lose_answer_to(self, request: bytes, answer: bytes = b"") -> None:
        """Forward the next request that contains `request`, then cut instead of its answer.

        The answer is the next bytes of the server that contain `answer`. The server has done what
        was asked, the client will not know. `answer_was_lost` waits for that.
        """
        self._sprung.clear()
        self._trap = request, answer

    async def answer_was_lost(self) -> None:
        """Return when the trap that `lose_answer_to` has set has cut a connection."""
        assert await asyncio.to_thread(self._sprung.wait, _PATIENCE_SECONDS), "nothing was asked"

    def close(self) -> None:
        """Cut everything and end the thread."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_SECONDS)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, act: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(_PATIENCE_SECONDS)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        listening: socket.socket = self._server.sockets[0]
        return int(listening.getsockname()[1])

    async def _cut(self) -> None:
        self._is_cut = True
        await self._drop()

    async def _drop(self) -> None:
        for line in list(self._lines):
            line.cut()

    async def _stall(self) -> None:
        self._flowing.clear()

    async def _heal(self) -> None:
        self._is_cut = False
        self._flowing.set()

    async def _end(self) -> None:
        await self._cut()
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            if not self._is_cut:
                await self._forward(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        line = _Line(writer, server_writer)
        self._lines.add(line)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry_requests(reader, line))
                both.create_task(self._carry_answers(server_reader, line))
        finally:
            self._lines.discard(line)
            line.cut()

    async def _carry_requests(self, reader: asyncio.StreamReader, line: _Line) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._flowing.wait()
                if self._trap is not None and self._trap[0] in data:
                    line.unwanted = self._trap[1]
                    self._trap = None
                line.server.write(data)
                await line.server.drain()
        line.server.close()

    async def _carry_answers(self, reader: asyncio.StreamReader, line: _Line) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._flowing.wait()
                if line.unwanted is not None and line.unwanted in data:
                    self._sprung.set()
                    break
                line.client.write(data)
                await line.client.drain()
        line.cut()
