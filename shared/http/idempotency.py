"""Idempotency-Key: a command that is sent again takes effect once and gets the same answer.

The answer is stored in the transaction of the command itself, so there is no moment at which one
of the two exists without the other. A refused command stored nothing and may be sent again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from shared.auth import Caller
from shared.errors import Conflict, Refusal
from shared.work import Work

HEADER = "idempotency-key"
REPLAYED_HEADER = "idempotency-replayed"
RETENTION = timedelta(days=7)
"""How long a key is remembered; a client that has not had its answer by then asks a person."""

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("content-type", "etag", "location")


class KeyRequired(Refusal):
    """A command that creates or moves money cannot be repeated safely without a key."""

    code = "idempotency-key-required"
    status = 400
    title_zh = "缺少 Idempotency-Key"
    title_en = "Idempotency-Key is missing"


class KeyReused(Refusal):
    """The key belongs to another request."""

    code = "idempotency-key-reused"
    title_zh = "Idempotency-Key 已用于其他请求"
    title_en = "The Idempotency-Key belongs to another request"


class InFlight(Conflict):
    """The first request with this key is still being carried out."""

    code = "request-in-flight"
    title_zh = "相同请求正在处理"
    title_en = "The same request is being carried out"
    headers = {"retry-after": "1"}  # noqa: RUF012  # read only


@dataclass(frozen=True, slots=True)
class Key:
    """One use of a key: whose, on which route, and for which content."""

    owner: str
    route: str
    key: str
    digest: bytes

    @property
    def lock_name(self) -> str:
        """What the advisory lock of this key is taken on."""
        return f"{self.owner}\x1e{self.route}\x1e{self.key}"


def key_of(request: Request, caller: Caller, route: str, body: bytes) -> Key:
    """The key that `request` carries. Raises KeyRequired when it has none or a malformed one."""
    value = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(value):
        raise KeyRequired(
            "此请求须带 Idempotency-Key（1 至 200 个可见 ASCII 字符）",
            "this request needs an Idempotency-Key of 1 to 200 visible ASCII characters",
        )
    question = f"{request.url.path}?{request.url.query}\n".encode()
    digest = hashlib.blake2b(question + body, digest_size=16).digest()
    return Key(caller.idempotency_owner, route, value, digest)


async def find(work: Work, key: Key) -> Response | None:
    """The answer stored for `key`, or None when the command is to be carried out now.

    Raises InFlight when another transaction holds the key, KeyReused when the stored request was
    another one. The lock is held until the transaction ends; the answer is looked up after it is
    taken, in a snapshot of its own, so that an answer stored meanwhile is seen.
    """
    is_free = await work.value(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))", name=key.lock_name
    )
    if not is_free:
        raise InFlight(
            "带有相同 Idempotency-Key 的请求尚未完成，请稍后重试",
            "a request with the same Idempotency-Key has not finished; try again shortly",
        )
    stored = await work.row(
        "SELECT digest, status, headers, body FROM kit.idempotency"
        " WHERE caller = :caller AND route = :route AND key = :key",
        caller=key.owner,
        route=key.route,
        key=key.key,
    )
    if stored is None:
        return None
    if bytes(stored["digest"]) != key.digest:
        raise KeyReused(
            "此 Idempotency-Key 已用于内容不同的请求；请换用新的",
            "this Idempotency-Key was used for a request with other content; use a new one",
        )
    headers = stored["headers"] | {REPLAYED_HEADER: "true"}
    return Response(work.box.open(bytes(stored["body"])), stored["status"], headers)


async def store(work: Work, key: Key, response: Response) -> None:
    """Keep the answer, sealed, in the transaction that it reports on."""
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    await work.bulk(
        "INSERT INTO kit.idempotency"
        " (caller, route, key, digest, status, headers, body, created_at)"
        " SELECT %s::text, %s::text, %s::text, %s::bytea, %s::int4,"
        " jsonb_object(%s::text[], %s::text[]), %s::bytea, %s::timestamptz",
        key.owner,
        key.route,
        key.key,
        key.digest,
        response.status_code,
        list(kept),
        list(kept.values()),
        work.box.seal(bytes(response.body)),
        work.now,
    )


async def forget_old(work: Work) -> int:
    """Delete answers older than RETENTION; return how many."""
    result = await work.run(
        "DELETE FROM kit.idempotency WHERE created_at < :before", {"before": work.now - RETENTION}
    )
    return result.rowcount
