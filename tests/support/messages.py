"""Messages as other systems send them."""

from __future__ import annotations

from typing import Any

import orjson

from shared.messaging.cloudevents import CONTENT_TYPE, CONTENT_TYPE_HEADER, Message

TIME = "2026-03-15T09:30:00+08:00"


def message(
    event: str, data: dict[str, Any], *, system: str = "erp", id: str = "1", **attributes: object
) -> Message:
    """A structured CloudEvents message of `system`; `attributes` replaces any of its attributes."""
    body = {
        "specversion": "1.0",
        "id": id,
        "source": f"/{system}",
        "type": f"enterprise.{event}.v1",
        "time": TIME,
        "data": data,
        **attributes,
    }
    return Message(
        f"enterprise.{system}.{event}.v1",
        {CONTENT_TYPE_HEADER: CONTENT_TYPE},
        orjson.dumps(body),
    )


def revenue(ref: str, *, id: str | None = None, code: str = "C-1", **data: Any) -> Message:
    """One piece of revenue with `ref`; the event id is `id-<ref>` unless given."""
    content = {
        "ref": ref,
        "customer": {"system": "erp", "code": code},
        "business_line": "函件",
        "amount": {"amount": "12.50", "currency": "CNY"},
        "occurred_on": "2026-03-14",
        **data,
    }
    return message("revenue_recorded", content, id=id or f"id-{ref}")


def observed(code: str, *, id: str | None = None) -> Message:
    """A customer that the ERP knows as `code`."""
    return message("customer_observed", {"code": code, "name": "远洋贸易"}, id=id or f"seen-{code}")
