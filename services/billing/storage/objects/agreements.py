"""Purchase agreements of objects: one row each, an object sold once; every change noted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from services.billing.domain.objects.agreements import Agreement, State
from services.billing.domain.objects.authorities import Authority
from services.billing.storage.objects import reservations
from shared.errors import NotFound
from shared.work import Work

_NAMES = tuple(field.name for field in fields(Agreement))
_COLUMNS = ", ".join(_NAMES)
_VALUES = ", ".join(
    "CAST(:authority AS jsonb)" if name == "authority" else f":{name}" for name in _NAMES
)
_NOTE = """
INSERT INTO agreement_changes (agreement_id, version, state, "on", staff_code, reason, recorded_at)
VALUES (:agreement_id, :version, :state, :on, :staff_code, :reason, :recorded_at)
"""
_AUTHORITY = TypeAdapter(Authority | None)


class UnknownAgreement(NotFound):
    """No such agreement, or none that the caller may know of."""

    code = "unknown-agreement"
    title_zh = "没有此合同"
    title_en = "No such agreement"


async def insert(work: Work, agreement: Agreement) -> bool:
    """Add an agreement; False when its number or its object is taken."""
    added = await work.value(
        f"INSERT INTO agreements ({_COLUMNS}, recorded_at) VALUES ({_VALUES}, :recorded_at)"
        " ON CONFLICT DO NOTHING RETURNING agreement_id",
        **_row(agreement),
        recorded_at=work.now,
    )
    if added is not None:
        await _note(work, agreement, None)
    return added is not None


async def update(work: Work, agreement: Agreement, reason: str | None = None) -> None:
    """Save what became of an agreement that is held for update."""
    await work.run(
        "UPDATE agreements SET state = :state, version = :version, settled_on = :settled_on,"
        " settled_by = :settled_by, registration_number = :registration_number"
        " WHERE agreement_id = :agreement_id",
        _row(agreement),
    )
    await _note(work, agreement, reason)


async def held(work: Work, agreement_id: UUID) -> Agreement:
    """The agreement with its object, held until the work ends. Raises UnknownAgreement."""
    object_code = await work.value(
        "SELECT object_code FROM agreements WHERE agreement_id = :id", id=agreement_id
    )
    if object_code is not None:
        await reservations.hold(work, object_code)
    row = await work.row(
        f"SELECT {_COLUMNS} FROM agreements WHERE agreement_id = :id FOR UPDATE", id=agreement_id
    )
    if row is None:
        raise UnknownAgreement(f"没有合同 {agreement_id}", f"there is no agreement {agreement_id}")
    return _agreement(row)


async def standing_on(work: Work, object_code: str) -> Agreement | None:
    """The agreement on an object that was not cancelled."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM agreements WHERE object_code = :object AND state <> 'cancelled'",
        object=object_code,
    )
    return None if row is None else _agreement(row)


async def page(work: Work, after: UUID | None, size: int) -> list[Agreement]:
    """The next agreements in order of id."""
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM agreements"
        " WHERE CAST(:after AS uuid) IS NULL OR agreement_id > :after"
        " ORDER BY agreement_id LIMIT :size",
        after=after,
        size=size,
    )
    return [_agreement(row) for row in rows]


async def awaiting_revenue(work: Work) -> list[Agreement]:
    """Registered agreements whose revenue is not posted yet, held."""
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM agreements WHERE state = 'registered' AND NOT is_recognised"
        " ORDER BY customer_key, agreement_id FOR UPDATE SKIP LOCKED"
    )
    return [_agreement(row) for row in rows]


async def of(work: Work, agreement_ids: Collection[UUID]) -> dict[UUID, Agreement]:
    """Agreements by id."""
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM agreements WHERE agreement_id = ANY(CAST(:ids AS uuid[]))",
        ids=sorted(agreement_ids),
    )
    return {row["agreement_id"]: _agreement(row) for row in rows}


async def is_registered_as(work: Work, registration_number: str) -> bool:
    """Whether a sale is registered under the number; nobody else takes it until the work ends."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('registration ' || :number, 0))",
        {"number": registration_number},
    )
    found = await work.value(
        "SELECT 1 FROM agreements WHERE registration_number = :number", number=registration_number
    )
    return found is not None


async def recognise(work: Work, agreement_id: UUID) -> None:
    """Note that the revenue of a registered agreement is posted."""
    await work.run(
        "UPDATE agreements SET is_recognised = true WHERE agreement_id = :id", {"id": agreement_id}
    )


async def _note(work: Work, agreement: Agreement, reason: str | None) -> None:
    await work.run(
        _NOTE,
        {
            "agreement_id": agreement.agreement_id,
            "version": agreement.version,
            "state": agreement.state,
            "on": agreement.settled_on or agreement.signed_on,
            "staff_code": agreement.settled_by or agreement.staff_code,
            "reason": reason,
            "recorded_at": work.now,
        },
    )


def _row(agreement: Agreement) -> dict[str, Any]:
    row = {name: getattr(agreement, name) for name in _NAMES}
    row["authority"] = authority_as_json(agreement.authority)
    return row


def authority_as_json(authority: Authority | None) -> str | None:
    """An authority as it is kept."""
    return None if authority is None else _AUTHORITY.dump_json(authority).decode()


def authority_of(kept: object) -> Authority | None:
    """An authority from what is kept."""
    return _AUTHORITY.validate_python(kept)


def _agreement(row: RowMapping) -> Agreement:
    return Agreement(
        **{**row, "state": State(row["state"]), "authority": authority_of(row["authority"])}
    )
