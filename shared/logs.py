"""Logs: one JSON object a line on standard error, Chinese as it is, with correlation and trace.

Nothing personal and no secret belongs in a log. What slips into an exception's text (a database
quotes the row, a validator quotes the input, a URL holds a password) is cut out here.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, FilteringBoundLogger, Processor

_REMOVED = "***"
_SECRET_KEYS = re.compile(
    r"password|passwd|secret|token|authorization|cookie|(data|mark)_keys|dsn|database_url|nats_url",
    re.I,
)
_PERSONAL_KEYS = frozenset(
    {"phone", "phones", "mobile", "email", "address", "id_card", "person_name", "staff_name"}
    | {"contact", "contacts", "text", "content", "payload", "message_body"}
)
_CUT = (
    (re.compile(r"(?<=://)[^/@\s]+@"), f"{_REMOVED}@"),
    (re.compile(r"\nDETAIL: .*"), f"\nDETAIL: {_REMOVED}"),
    (re.compile(r"\nCONTEXT: .*"), f"\nCONTEXT: {_REMOVED}"),
    (re.compile(r"\[parameters: .*?\]\n", re.S), f"[parameters: {_REMOVED}]\n"),
    (re.compile(r"input_value=.*?, input_type=", re.S), f"input_value={_REMOVED}, input_type="),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), _REMOVED),
)
_TOO_TALKATIVE = ("uvicorn.access", "httpx", "httpcore", "asyncio", "opentelemetry")


def configure(service: str, process: str, level: str = "INFO") -> None:
    """Send every log of this process, structlog's and the standard library's, out as JSON.

    `process` is api, worker or the name of a command. Called once, by the wiring.
    """
    shared_processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_process(service, process),
        _add_trace,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _keep_confidential,
    ]
    structlog.configure(
        processors=[*shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            *shared_processors[:-1],
            structlog.stdlib.ExtraAdder(),
            _keep_confidential,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_to_json),
        ],
    )
    handler = _StandardError()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for earlier in list(root.handlers):
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TOO_TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger: `log.info("batch taken", facts=500)`; what is bound around it is added."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Add `fields` (correlation_id, durable, sweep …) to every log inside, in this task only."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment, so that a caller may redirect it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _add_process(service: str, process: str) -> Processor:
    def add(_: Any, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        event["process"] = process
        return event

    return add


def _add_trace(_: Any, __: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _keep_confidential(_: Any, __: str, event: EventDict) -> EventDict:
    cleaned: MutableMapping[str, Any] = _without_secrets(event)
    return cleaned


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, replacement in _CUT:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, dict):
        return {
            key: _REMOVED if _is_confidential(key) else _without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(inner) for inner in value]
    return value


def _is_confidential(key: object) -> bool:
    name = str(key)
    return name in _PERSONAL_KEYS or _SECRET_KEYS.search(name) is not None


def _to_json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
