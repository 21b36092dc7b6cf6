"""Who may read which archive, and the requests that say so (R-70, R-73)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.actors import Actor
from services.registry.domain.archive.access import Permission, Reader
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.requests import AccessRequest, RequestState
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_READERS = """
SELECT asked.customer_key, kit.may_see(asked.customer_key, 'base') AS sees_base,
       kit.may_see(asked.customer_key, 'archive') AS sees_archive,
       a.custodian, m.a_staff_code, m.b_staff_code
FROM unnest(CAST(:keys AS uuid[])) AS asked (customer_key)
LEFT JOIN archives a ON a.customer_key = asked.customer_key
LEFT JOIN managers m ON m.customer_key = asked.customer_key
"""
_PERMISSIONS = """
SELECT customer_key, request_id, sections, purpose, decided_on, until_on FROM archive_requests
WHERE customer_key = ANY(:keys) AND requested_by = :staff AND requested_unit = :unit
    AND state = 'granted' AND until_on >= :today
ORDER BY until_on DESC, request_id
"""


class UnknownRequest(NotFound):
    """No such request, or none that the caller may know of."""

    code = "unknown-access-request"
    rule = "R-70"
    title_zh = "查阅申请不存在"
    title_en = "Unknown access request"


async def readers(work: Work, customer_keys: Sequence[UUID], by: Actor) -> dict[UUID, Reader]:
    """What is known of `by` as a reader of each customer's archive.

    A permission goes with the person and the unit: who changes unit asks again.
    """
    keys = sorted(set(customer_keys))
    granted: dict[UUID, list[Permission]] = {}
    for row in await work.rows(
        _PERMISSIONS, keys=keys, staff=by.staff_code, unit=by.unit, today=work.today
    ):
        granted.setdefault(row["customer_key"], []).append(_permission(row))
    return {
        row["customer_key"]: Reader(
            sees_base=row["sees_base"],
            sees_archive=row["sees_archive"],
            custodian=row["custodian"],
            managers=frozenset(filter(None, (row["a_staff_code"], row["b_staff_code"]))),
            permissions=tuple(granted.get(row["customer_key"], ())),
        )
        for row in await work.rows(_READERS, keys=keys)
    }


async def load(work: Work, request_id: UUID) -> AccessRequest:
    """The request, locked until the work ends; raises UnknownRequest."""
    row = await work.row(
        "SELECT * FROM archive_requests WHERE request_id = :id FOR UPDATE", id=request_id
    )
    if row is None:
        raise UnknownRequest(f"没有申请 {request_id}", f"there is no request {request_id}")
    return AccessRequest(
        request_id=row["request_id"],
        customer_key=row["customer_key"],
        sections=tuple(Section(section) for section in row["sections"]),
        purpose=row["purpose"],
        requested_by=row["requested_by"],
        requested_unit=row["requested_unit"],
        requested_on=row["requested_on"],
        until_on=row["until_on"],
        state=RequestState(row["state"]),
        decided_by=row["decided_by"],
        decided_on=row["decided_on"],
        version=row["version"],
    )


async def add(work: Work, request: AccessRequest, policy_version: int) -> None:
    """Add a request that was just made."""
    await work.run(
        insert(tables.archive_requests).values(
            request_id=request.request_id,
            customer_key=request.customer_key,
            sections=[section.value for section in request.sections],
            purpose=request.purpose,
            requested_by=request.requested_by,
            requested_unit=request.requested_unit,
            requested_on=request.requested_on,
            until_on=request.until_on,
            state=request.state.value,
            policy_version=policy_version,
            version=request.version,
            recorded_at=work.now,
        )
    )
    await _note(work, request, request.requested_on, request.requested_by, None, policy_version)


async def save(work: Work, request: AccessRequest, reason: str | None, policy_version: int) -> None:
    """Give the request, which must be loaded and was just decided, its newest state."""
    assert request.decided_on is not None and request.decided_by is not None, "it was decided"
    await work.run(
        "UPDATE archive_requests SET state = :state, decided_by = :by, decided_on = :on,"
        " version = :version WHERE request_id = :id",
        {
            "state": request.state.value,
            "by": request.decided_by,
            "on": request.decided_on,
            "version": request.version,
            "id": request.request_id,
        },
    )
    await _note(work, request, request.decided_on, request.decided_by, reason, policy_version)


async def _note(
    work: Work,
    request: AccessRequest,
    on: date,
    by: str,
    reason: str | None,
    policy_version: int,
) -> None:
    await work.run(
        insert(tables.archive_request_steps).values(
            request_id=request.request_id,
            version=request.version,
            customer_key=request.customer_key,
            state=request.state.value,
            on=on,
            by=by,
            reason=reason,
            policy_version=policy_version,
            recorded_at=work.now,
        )
    )


def _permission(row: RowMapping) -> Permission:
    return Permission(
        request_id=row["request_id"],
        sections=frozenset(Section(section) for section in row["sections"]),
        purpose=row["purpose"],
        from_on=row["decided_on"],
        until_on=row["until_on"],
    )
