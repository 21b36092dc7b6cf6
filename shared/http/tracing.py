"""Which request this is: W3C trace context and the correlation id, from header to fact."""

from __future__ import annotations

import random
import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

CORRELATION_HEADER = b"x-correlation-id"
TRACE_HEADER = b"traceparent"
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_CORRELATION = re.compile(r"[A-Za-z0-9._:/-]{1,128}")
_SCOPE_KEY = "dakehu.trace"
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16


def _new_span_id() -> str:
    return f"{random.getrandbits(64) or 1:016x}"


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace a request belongs to; ids are unique, not secret."""

    trace_id: str
    flags: str
    correlation_id: str
    span_id: str = field(default_factory=_new_span_id)

    @property
    def traceparent(self) -> str:
        """The W3C header for whatever this request causes."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def header(scope: MutableMapping[str, Any], name: bytes) -> str:
    """A header of the request with this ASGI scope, by its lower-case name; empty if missing."""
    for each, value in scope["headers"]:
        if each == name:
            text: str = value.decode("latin-1")
            return text
    return ""


def trace_of(scope: MutableMapping[str, Any]) -> Trace:
    """The trace of the request: the caller's continued, or a new one; begun when first asked for.

    A malformed header begins a new trace. Without a correlation id the trace's id is used.
    """
    trace = scope.get(_SCOPE_KEY)
    if not isinstance(trace, Trace):
        trace_id, flags = _continued(header(scope, TRACE_HEADER))
        trace = scope[_SCOPE_KEY] = Trace(trace_id, flags, _correlation(scope) or trace_id)
    return trace


def continue_trace(scope: MutableMapping[str, Any], traceparent: str | None) -> None:
    """Make `traceparent` (of the span that telemetry has just opened) the request's own."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match:
        trace_id, span_id, flags = match.groups()
        scope[_SCOPE_KEY] = Trace(trace_id, flags, _correlation(scope) or trace_id, span_id)


def _continued(traceparent: str) -> tuple[str, str]:
    match = _TRACEPARENT.fullmatch(traceparent)
    if match and match[1] != _NO_TRACE and match[2] != _NO_SPAN:
        return match[1], match[3]
    return f"{random.getrandbits(128) or 1:032x}", "00"


def _correlation(scope: MutableMapping[str, Any]) -> str | None:
    given = header(scope, CORRELATION_HEADER)
    return given if _CORRELATION.fullmatch(given) else None
