"""What must never be taken, each with the reason for which it is refused."""

from __future__ import annotations

from typing import Any

import orjson

from shared.messaging.cloudevents import CONTENT_TYPE, CONTENT_TYPE_HEADER, Message
from tests.support.messages import revenue

_SUBJECT = "enterprise.erp.revenue_recorded.v1"
_HEADERS = {CONTENT_TYPE_HEADER: CONTENT_TYPE}


def poison() -> list[tuple[str, Message]]:
    """Messages that break one rule each, with the code of the refusal."""
    return [
        ("undecodable", Message(_SUBJECT, _HEADERS, b"\xff\x00 no JSON")),
        ("undecodable", Message(_SUBJECT, _HEADERS, b"[1, 2, 3]")),
        ("undecodable", Message(_SUBJECT, _HEADERS, b"{}")),
        ("undecodable", _revenue("float", amount={"amount": 12.5, "currency": "CNY"})),
        ("undecodable", _revenue("mills", amount={"amount": "12.505", "currency": "CNY"})),
        ("undecodable", _revenue("short", customer={"customer_id": "4401000000100"})),
        ("foreign-currency", _revenue("yen", amount={"amount": "12.50", "currency": "JPY"})),
        ("in-the-future", _revenue("late", occurred_on="2026-03-17")),
        ("foreign-source", _replaced(_revenue("forged"), "source", "/bank")),
        ("unknown-type", _replaced(_revenue("typed"), "type", "enterprise.moon_landed.v1")),
        ("unknown-type", _of_major(_revenue("major"), 2)),
        ("oversized", _revenue("large", filler="x" * 600_000)),
    ]


def conflict_with(fact: Message) -> Message:
    """The ref of `fact` with other content, under an event id of its own."""
    body = orjson.loads(fact.body)
    body["id"] += "-again"
    body["data"]["business_line"] = "集邮"
    return Message(fact.subject, fact.headers, orjson.dumps(body))


def _revenue(ref: str, **data: Any) -> Message:
    return revenue(f"bad-{ref}", **data)


def _replaced(fact: Message, attribute: str, value: str) -> Message:
    body = orjson.loads(fact.body) | {attribute: value}
    return Message(fact.subject, fact.headers, orjson.dumps(body))


def _of_major(fact: Message, major: int) -> Message:
    subject = fact.subject.replace(".v1", f".v{major}")
    return Message(subject, fact.headers, fact.body.replace(b".v1", b".v%d" % major))
