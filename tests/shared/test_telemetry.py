"""Traces: handed on always, recorded only when a collector is named."""

from __future__ import annotations

import pytest
from opentelemetry import trace

from shared import telemetry

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


def test_without_a_collector_the_trace_is_handed_on_as_it_came() -> None:
    with telemetry.span("batch", kind="consumer", traceparent=PARENT, attributes={"facts": 3}):
        assert telemetry.traceparent() == PARENT
    assert telemetry.traceparent() is None


def test_a_malformed_trace_is_left_behind() -> None:
    with telemetry.span("batch", traceparent="nonsense"):
        assert telemetry.traceparent() is None


def test_what_is_raised_inside_goes_on() -> None:
    with pytest.raises(LookupError), telemetry.span("batch"):
        raise LookupError


def test_no_collector_means_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.ENDPOINT, raising=False)
    before = trace.get_tracer_provider()
    telemetry.configure("billing", "worker")()
    assert trace.get_tracer_provider() is before
