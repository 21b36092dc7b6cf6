"""What the benchmarks send: an ERP's opening register of customers, and their revenue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import orjson

from shared.messaging.relay import Row

CUSTOMERS = 200
"""As many as the demo's province has, so that a batch has several facts of a customer."""
_OWNER, _DIVISION = "GZ", "440100"
_LINES = ("函件", "速递", "集邮")
_SENT_AT = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)


def opened_customers() -> list[Row]:
    """Customers that the site already has, all owned by one city."""
    return [
        _row(
            "customer_opened",
            number,
            {
                "ref": code_of(number),
                "code": code_of(number),
                "name": f"基准客户{number:04}有限公司",
                "division_code": _DIVISION,
                "owner_unit": _OWNER,
                "opening": True,
                "opened_on": "2024-01-01",
            },
        )
        for number in range(CUSTOMERS)
    ]


def recorded_revenue(first: int, number: int) -> list[Row]:
    """`number` pieces of revenue of a year, refs counting from `first`."""
    return [
        _row(
            "revenue_recorded",
            ref,
            {
                "ref": f"bench-{ref}",
                "customer": {"system": "erp", "code": code_of(ref % CUSTOMERS)},
                "business_line": _LINES[ref % len(_LINES)],
                "amount": {"amount": f"{ref % 900 + 1}.{ref % 100:02}", "currency": "CNY"},
                "occurred_on": (date(2025, 1, 1) + timedelta(days=ref % 365)).isoformat(),
            },
        )
        for ref in range(first, first + number)
    ]


def code_of(number: int) -> str:
    """The ERP's code of customer `number`."""
    return f"BENCH-{number}"


def _row(event: str, number: int, data: dict[str, object]) -> Row:
    identity = f"bench-{event}-{number}"
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": identity,
            "source": "/erp",
            "type": f"enterprise.{event}.v1",
            "time": _SENT_AT,
            "data": data,
        }
    )
    return Row(number, f"enterprise.erp.{event}.v1", f"erp/{identity}", body)
