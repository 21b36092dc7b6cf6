"""The public keys of the token issuer, from a URL or a file, fetched again when a key is new."""

from __future__ import annotations

import asyncio
from http.client import HTTPException
from urllib.request import urlopen

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWKError, PyJWKSetError

from shared.clock import Clock

_REFETCH_SECONDS = 30.0
_FETCH_TIMEOUT_SECONDS = 5.0


_FAILURES = (OSError, HTTPException, ValueError, PyJWKError, PyJWKSetError)


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had just now."""


class KeySet:
    """Keys by `kid`. An unknown `kid` fetches once more, at most twice a minute.

    Whoever waited for a fetch that failed does not try in his turn: else all that came during an
    outage of the issuer would wait for its time-out one after the other.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._keys: list[PyJWK] = []
        self._fetched_at: float | None = None
        self._failures = 0
        self._fetching = asyncio.Lock()

    async def find(self, kid: str | None) -> PyJWK | None:
        """The key called `kid`; without a `kid` the only key there is. Raises KeysUnavailable."""
        key = self._known(kid)
        if key is None and self._is_stale():
            failures = self._failures
            async with self._fetching:
                if self._is_stale():
                    if self._failures > failures:
                        raise KeysUnavailable(f"no key set at {self._url} a moment ago")
                    await self._fetch()
            key = self._known(kid)
        return key

    def _known(self, kid: str | None) -> PyJWK | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == kid), None)

    def _is_stale(self) -> bool:
        now = self._clock.now().timestamp()
        return self._fetched_at is None or now - self._fetched_at >= _REFETCH_SECONDS

    async def _fetch(self) -> None:
        try:
            self._keys = PyJWKSet.from_json(await asyncio.to_thread(self._read)).keys
        except _FAILURES as error:
            self._failures += 1
            raise KeysUnavailable(f"no key set at {self._url}: {error}") from error
        self._fetched_at = self._clock.now().timestamp()

    def _read(self) -> str:
        # The standard library serves https and file alike, and spares the memory of a client.
        with urlopen(self._url, timeout=_FETCH_TIMEOUT_SECONDS) as answer:
            return str(answer.read().decode())
