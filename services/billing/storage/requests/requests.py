"""Corrections, refunds and write-offs, step by step: only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

import orjson

from services.billing.domain.requests.requests import MoneyRequest, RequestKind, RequestState
from shared.errors import NotFound
from shared.work import Work

_COLUMNS = (
    "request_id, kind, customer_key, subject_id, amount, details, state, staff_code, reason,"
    " decided_on, policy_version, version"
)
_HELD = f"""
SELECT {_COLUMNS}, (SELECT first.staff_code FROM money_requests first
    WHERE first.request_id = r.request_id AND first.version = 1) AS applied_by
FROM money_requests r WHERE request_id = :request_id AND kind = :kind
ORDER BY version DESC LIMIT 1
"""
_LIVE = """
SELECT 1 FROM money_requests r
WHERE subject_id = :subject_id AND kind = :kind AND state = ANY(:states) AND NOT EXISTS (
    SELECT FROM money_requests later
    WHERE later.request_id = r.request_id AND later.version > r.version)
LIMIT 1
"""


class UnknownRequest(NotFound):
    """No such request, or none that the caller may know of."""

    code = "unknown-money-request"
    title_zh = "没有此申请"
    title_en = "No such request"


async def held(work: Work, kind: RequestKind, request_id: UUID) -> MoneyRequest:
    """The request at its newest step; its customer's account is the lock. Raises UnknownRequest."""
    row = await work.row(_HELD, request_id=request_id, kind=kind)
    if row is None:
        raise UnknownRequest(f"没有申请 {request_id}", f"there is no request {request_id}")
    return MoneyRequest(
        **{**row, "kind": RequestKind(row["kind"]), "state": RequestState(row["state"])}
    )


async def is_there(work: Work, kind: RequestKind, subject_id: UUID, *states: RequestState) -> bool:
    """Whether a request about the charge or payment stands in one of `states`."""
    found = await work.value(_LIVE, kind=kind, subject_id=subject_id, states=list(states))
    return found is not None


async def add(work: Work, request: MoneyRequest) -> None:
    """Keep a step of a request."""
    await add_all(work, [request])


async def add_all(work: Work, steps: Sequence[MoneyRequest]) -> None:
    """Keep steps of requests."""
    columns = f"{_COLUMNS}, recorded_at"
    rows = [{**asdict(step), "recorded_at": work.now} for step in steps]
    for row in rows:
        del row["applied_by"]
        row["details"] = orjson.dumps(row["details"]).decode()
    await work.run(
        f"INSERT INTO money_requests ({columns}) VALUES (:{columns.replace(', ', ', :')})", rows
    )


async def unapplied(work: Work, payment_id: UUID) -> Decimal:
    """What nothing has taken of a payment, in yuan."""
    rest = await work.value(
        "SELECT amount - returned - applied FROM payments WHERE payment_id = :id", id=payment_id
    )
    return Decimal(rest)


async def name_of(work: Work, customer_key: UUID) -> str | None:
    """The customer's own name, as registered."""
    name: str | None = await work.value(
        "SELECT name FROM kit.customers WHERE customer_key = :key", key=customer_key
    )
    return name
