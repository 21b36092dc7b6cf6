"""The outermost layer of a service's HTTP surface: trace, body limit, log, metrics, last resort."""

from __future__ import annotations

import logging
import os
import time

from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import metrics, telemetry
from shared.auth.keys import KeysUnavailable
from shared.http import problems
from shared.http.resources import Resources
from shared.http.tracing import (
    CORRELATION_HEADER,
    TRACE_HEADER,
    Trace,
    continue_trace,
    header,
    trace_of,
)
from shared.logs import get_logger
from shared.messaging.trouble import is_transient

log = get_logger(__name__)

MAX_BODY_BYTES = 512 * 1024
"""A larger request body is refused with 413, whether it says its length or comes in chunks."""

_RETRY_SECONDS = "2"
_UNMATCHED = "(none)"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Edge:
    """Wraps the whole application of one service."""

    def __init__(self, app: ASGIApp, service: str, resources: Resources) -> None:
        self._app = app
        self._service = service
        self._resources = resources
        self._known_meters: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._is_traced = bool(os.environ.get(telemetry.ENDPOINT))
        self._logs_reads = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._is_traced:
            await self._answer(scope, receive, send)
            return
        with telemetry.span(
            f"HTTP {scope['method']}",
            kind="server",
            traceparent=header(scope, TRACE_HEADER),
        ):
            continue_trace(scope, telemetry.traceparent())
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = trace_of(scope)
        sender = _Sender(send, trace)
        started = time.perf_counter()
        try:
            self._require_method(scope)
            await self._app(scope, _limited(scope, receive), sender)
        except Exception as error:  # the last resort: whatever it is, its text stays inside
            if sender.status:
                raise
            problem = _last_resort(error, scope, trace)
            await problem.response(scope["path"], trace.trace_id)(scope, receive, sender)
        finally:
            self._note(scope, trace, sender.status, time.perf_counter() - started)

    def _require_method(self, scope: Scope) -> None:
        methods = self._resources.find(scope["path"])
        if methods is not None and scope["method"] not in methods:
            raise HTTPException(405, headers={"allow": ", ".join(sorted(methods))})

    def _note(self, scope: Scope, trace: Trace, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", _UNMATCHED)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        count, duration = self._meters(method, route, status)
        count.inc()
        duration.observe(seconds)
        if method == "GET" and 200 <= status < 300 and not self._logs_reads:
            return
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            correlation_id=trace.correlation_id,
            trace_id=trace.trace_id,
        )

    def _meters(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """The metrics of such a request; looking them up by their labels takes longer."""
        key = (method, route, status)
        meters = self._known_meters.get(key)
        if meters is None:
            count = metrics.REQUESTS.labels(self._service, method, route, str(status))
            duration = metrics.REQUEST_SECONDS.labels(self._service, method, route)
            meters = self._known_meters[key] = (count, duration)
        return meters


class _Sender:
    """Notes the status and adds the headers that every answer carries."""

    def __init__(self, send: Send, trace: Trace) -> None:
        self._send = send
        self._trace = trace
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                (CORRELATION_HEADER, self._trace.correlation_id.encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
            ]
        await self._send(message)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """`receive` that refuses a body beyond the limit, by its declared length or as it arrives."""
    declared = header(scope, b"content-length")
    is_too_long = declared.isdigit() and int(declared) > MAX_BODY_BYTES
    received = 0

    async def receive_within_limit() -> Message:
        nonlocal received
        if is_too_long:
            raise HTTPException(413)
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(413)
        return message

    return receive_within_limit


def _last_resort(error: Exception, scope: Scope, trace: Trace) -> problems.Problem:
    """What is said when nobody inside knew the error; the error itself goes to the log alone."""
    if isinstance(error, HTTPException):
        return problems.of_status(error.status_code, error.headers)
    if isinstance(error, KeysUnavailable) or is_transient(error):
        log.warning(
            "request failed by passing trouble",
            error=type(error).__name__,
            trace_id=trace.trace_id,
        )
        return problems.of_status(503, {"retry-after": _RETRY_SECONDS})
    log.error(
        "request failed",
        method=scope["method"],
        path=scope["path"],
        correlation_id=trace.correlation_id,
        trace_id=trace.trace_id,
        exc_info=error,
    )
    return problems.of_status(500)
