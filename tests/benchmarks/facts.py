"""What the benchmarks send: an ERP's opening register of customers, and their revenue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import orjson

from shared.messaging.relay import Row

CUSTOMERS = 200
"""As many as the demo's province has, so that a batch has several facts of a customer."""
_OWNER, _DIVISION = "GZ", "440100"
_LINES = ("函件", "速递", "集邮")
_COMPANY_ACCOUNT = "4400-1001-88"
_FIRST = date(2025, 1, 1)
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
                "amount": {"amount": _amount(ref), "currency": "CNY"},
                "occurred_on": (date(2025, 1, 1) + timedelta(days=ref % 365)).isoformat(),
            },
        )
        for ref in range(first, first + number)
    ]


def raised_charges(first: int, number: int) -> list[Row]:
    """`number` charges of one instalment each, refs counting from `first`."""
    return [
        _row(
            "charge_raised",
            ref,
            {
                "ref": f"bench-{ref}",
                "customer": {"system": "erp", "code": code_of(ref % CUSTOMERS)},
                "business_line": _LINES[ref % len(_LINES)],
                "amount": {"amount": _amount(ref), "currency": "CNY"},
                "issued_on": _FIRST.isoformat(),
                "due_on": (_FIRST + timedelta(days=30 + ref // CUSTOMERS % 300)).isoformat(),
                "tariff_class": "other",
            },
        )
        for ref in range(first, first + number)
    ]


def received_payments(first: int, number: int) -> list[Row]:
    """Payments in full of as many charges, before they are due; one in five names none."""
    return [
        _row(
            "payment_received",
            ref,
            {
                "ref": f"bench-{ref}",
                "company_account": _COMPANY_ACCOUNT,
                "payer": {"system": "erp", "code": code_of(ref % CUSTOMERS)},
                "amount": {"amount": _amount(ref), "currency": "CNY"},
                "received_on": (_FIRST + timedelta(days=ref // CUSTOMERS % 25)).isoformat(),
                "remittance": [] if ref // CUSTOMERS % 5 == 4 else [f"bench-{ref}"],
                "remittance_system": "erp",
            },
            system="bank",
        )
        for ref in range(first, first + number)
    ]


def _amount(ref: int) -> str:
    return f"{ref % 900 + 1}.{ref % 100:02}"


def code_of(number: int) -> str:
    """The ERP's code of customer `number`."""
    return f"BENCH-{number}"


def _row(event: str, number: int, data: dict[str, object], system: str = "erp") -> Row:
    identity = f"bench-{event}-{number}"
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": identity,
            "source": f"/{system}",
            "type": f"enterprise.{event}.v1",
            "time": _SENT_AT,
            "data": data,
        }
    )
    return Row(number, f"enterprise.{system}.{event}.v1", f"{system}/{identity}", body)
