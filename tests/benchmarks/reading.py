"""(b): one customer over HTTP, against a bare FastAPI route with the same query."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to read again and again, with the token to read it with."""

    url: str
    token: str = ""


async def rate(target: Target, seconds: float) -> float:
    """Answers a second over a few kept connections, for `seconds`. Raises on any other than 200."""
    deadline = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_read(target, deadline) for _ in range(_CONNECTIONS)))
    return sum(counts) / seconds


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
