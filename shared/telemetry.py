"""Traces over OpenTelemetry, for sites that name a collector; otherwise everything is free.

With OTEL_EXPORTER_OTLP_ENDPOINT set, spans around requests, batches, handlers, sweeps and imports
are sent there. Without it no span is recorded, yet a trace that arrives with a request or a fact is
still handed on. SQLAlchemy is not instrumented: its instrumentation refuses 2.1 without a word.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"

_KINDS = {
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
    "producer": SpanKind.PRODUCER,
    "internal": SpanKind.INTERNAL,
}
_propagator = TraceContextTextMapPropagator()


def configure(service: str, process: str) -> Callable[[], None]:
    """Start sending spans if a collector is named; returns what flushes and ends it at shutdown."""
    if not os.environ.get(ENDPOINT):
        return lambda: None
    # Loaded only when it is used: the exporter costs memory and start-up time.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create(
        {"service.namespace": "dakehu", "service.name": service, "dakehu.process": process}
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider.shutdown


@contextmanager
def span(
    name: str,
    *,
    kind: Literal["server", "consumer", "producer", "internal"] = "internal",
    traceparent: str | None = None,
    attributes: Mapping[str, str | int | float | bool] | None = None,
) -> Iterator[Span]:
    """A span around what happens inside, in the trace of `traceparent` if one is given.

    What is raised inside marks the span as failed, by its type only: a message may quote a person.
    """
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    tracer = trace.get_tracer("dakehu")
    with tracer.start_as_current_span(
        name,
        context=parent,
        kind=_KINDS[kind],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def traceparent() -> str | None:
    """The W3C header of the trace we are in, for a fact or a request that this causes."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
