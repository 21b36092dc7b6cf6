"""Which request this is: W3C trace context and the correlation id, from header to fact."""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers

CORRELATION_HEADER = "x-correlation-id"
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_CORRELATION = re.compile(r"[A-Za-z0-9._:/-]{1,128}")
_SCOPE_KEY = "dakehu.trace"
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace a request belongs to; `traceparent` is what facts and answers carry on."""

    trace_id: str
    span_id: str
    flags: str
    correlation_id: str

    @property
    def traceparent(self) -> str:
        """The W3C header for whatever this request causes."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def trace_of(scope: MutableMapping[str, Any]) -> Trace:
    """The trace of the request with this ASGI scope, begun when it is first asked for."""
    trace = scope.get(_SCOPE_KEY)
    if not isinstance(trace, Trace):
        headers = Headers(scope=scope)
        trace = _trace(headers, headers.get("traceparent"), secrets.token_hex(8))
        scope[_SCOPE_KEY] = trace
    return trace


def continue_trace(scope: MutableMapping[str, Any], traceparent: str | None) -> None:
    """Make `traceparent` (of the span that telemetry has just opened) the request's own."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match:
        scope[_SCOPE_KEY] = _trace(Headers(scope=scope), traceparent, match[2])


def _trace(headers: Headers, traceparent: str | None, span_id: str) -> Trace:
    """The caller's trace continued, or a new one when there is none or it is malformed."""
    trace_id, flags = secrets.token_hex(16), "00"
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match and match[1] != _NO_TRACE and match[2] != _NO_SPAN:
        trace_id, flags = match[1], match[3]
    correlation_id = headers.get(CORRELATION_HEADER, "")
    if not _CORRELATION.fullmatch(correlation_id):
        correlation_id = trace_id
    return Trace(trace_id, span_id, flags, correlation_id)
