"""Logs: one JSON object a line, Chinese as it is, nothing confidential."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from shared import logs, telemetry

Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str]) -> Iterator[Read]:
    """Configures logging and gives what was logged so far."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure("billing", "worker")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_a_line_is_json_with_service_process_and_fields(
    read: Read, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.get_logger("x").info("定金到期", due=3)
    raw = capsys.readouterr().err
    assert "定金到期" in raw
    line = json.loads(raw)
    assert (line["event"], line["due"], line["level"]) == ("定金到期", 3, "info")
    assert (line["service"], line["process"]) == ("billing", "worker")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


def test_what_is_bound_is_on_every_line_inside_only(read: Read) -> None:
    log = logs.get_logger("x")
    with logs.bound(correlation_id="c-1"):
        log.info("inside")
    log.info("outside")
    inside, outside = read()
    assert inside["correlation_id"] == "c-1"
    assert "correlation_id" not in outside


def test_the_trace_we_are_in_is_on_the_line(read: Read) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    with telemetry.span("batch", traceparent=parent):
        logs.get_logger("x").info("inside")
    (line,) = read()
    assert (line["trace_id"], line["span_id"]) == ("a" * 32, "b" * 16)


def test_the_standard_library_logs_the_same_way(read: Read) -> None:
    logging.getLogger("nats").warning("lost %s", "connection", extra={"attempt": 2})
    (line,) = read()
    assert (line["event"], line["logger"], line["attempt"]) == ("lost connection", "nats", 2)


def test_libraries_that_log_every_request_are_quiet(read: Read) -> None:
    logging.getLogger("httpx").info("GET https://site/?name=张三")
    assert read() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "13800000000"},
        {"inner": {"nats_password": "s3cret"}},
        {"rows": [{"id_card": "s3cret"}]},
        {"url": "nats://billing:s3cret@broker:4222"},
        {"header": "Bearer eyJhbGciOi.eyJzdWIiOi.c2ln"},
    ],
)
def test_secrets_and_personal_data_are_cut_out(
    read: Read, capsys: pytest.CaptureFixture[str], fields: dict[str, object]
) -> None:
    logs.get_logger("x").info("note", **fields)
    raw = capsys.readouterr().err
    assert "***" in raw
    for secret in ("138", "s3cret", "eyJzdWIiOi"):
        assert secret not in raw


@pytest.mark.parametrize(
    "text",
    [
        "duplicate key\nDETAIL:  Key (phone)=(13800000000) already exists.\n",
        "(psycopg.Error) x\n[SQL: SELECT 1]\n[parameters: {'p': '13800000000'}]\n",
        "1 error\n  Input [type=x, input_value='13800000000', input_type=str]",
    ],
)
def test_an_exception_does_not_quote_the_row_or_the_input(
    read: Read, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    def fail() -> None:
        raise ValueError(text)

    try:
        fail()
    except ValueError:
        logs.get_logger("x").exception("it failed")
    raw = capsys.readouterr().err
    assert "it failed" in raw
    assert "ValueError" in raw
    assert "13800000000" not in raw
