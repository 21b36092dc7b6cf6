"""The chain of declarations: every submission and every decision, in order and provable (R-21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.proof.declarations import Declaration, DeclarationState, Developers
from services.registry.domain.proof.evidence_chain import Entry, Head, append
from shared.work import Work

_HEAD = "SELECT sequence, hash FROM declaration_chain_head"


async def record_submission(
    work: Work, declaration: Declaration, customer: Mapping[str, object]
) -> Entry:
    """Chain a declaration with everything that it says of the `customer` (R-21)."""
    content = {"customer": dict(customer), **_submitted(declaration)}
    return await _record(work, declaration.declaration_id, {"step": "submitted", **content})


async def record_step(
    work: Work, declaration: Declaration, step: str, content: Mapping[str, object]
) -> Entry:
    """Chain what happened to a declaration between submission and decision (R-09, R-26)."""
    return await _record(work, declaration.declaration_id, {"step": step, **content})


async def record_decision(
    work: Work,
    declaration: Declaration,
    developers: Developers | None = None,
    inputs: Mapping[str, object] | None = None,
) -> Entry:
    """Chain the decision about a declaration: who, when, why, who develops, `inputs` (R-21)."""
    content = {**_decided(declaration), **(inputs or {})}
    if developers is not None:
        content["developed_by"] = developers.development_unit
        content["developed_with"] = list(developers.joint_units)
    return await _record(
        work, declaration.declaration_id, {"step": declaration.state.value, **content}
    )


async def entries_of(work: Work, declaration_id: UUID) -> Sequence[RowMapping]:
    """Where the entries of one declaration stand in the chain, and when they were recorded."""
    return await work.rows(
        "SELECT sequence, recorded_at, hash FROM declaration_chain"
        " WHERE declaration_id = :id ORDER BY sequence",
        id=declaration_id,
    )


async def head(work: Work) -> Head:
    """The end of the chain as it is kept: what somebody notes outside, to compare later (R-21)."""
    row = await work.row(_HEAD)
    assert row is not None, "the head is written by the migration"
    return Head(row["sequence"], row["hash"])


async def _record(work: Work, declaration_id: UUID, payload: Mapping[str, object]) -> Entry:
    row = await work.row("SELECT sequence, hash FROM declaration_chain_head FOR UPDATE")
    assert row is not None, "the head is written by the migration"
    entry = append(
        Head(row["sequence"], row["hash"]),
        work.now,
        {"declaration_id": str(declaration_id), **payload},
    )
    await work.run(
        "INSERT INTO declaration_chain"
        " (sequence, declaration_id, recorded_at, payload, previous_hash, hash)"
        " VALUES (:sequence, :id, :recorded_at, :payload, :previous_hash, :hash)",
        {
            "sequence": entry.sequence,
            "id": declaration_id,
            "recorded_at": entry.recorded_at,
            "payload": entry.payload,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        },
    )
    await work.run(
        "UPDATE declaration_chain_head SET sequence = :sequence, hash = :hash",
        {"sequence": entry.sequence, "hash": entry.hash},
    )
    return entry


SUBMITTED = (
    *("customer_key", "declaring_unit", "declared_by", "declared_on", "reporting_branch"),
    *("development_unit", "joint_units"),
)
DECIDED = ("state", "decided_by", "decided_on", "decision_reason")


def _submitted(declaration: Declaration) -> dict[str, object]:
    return {field: plain(getattr(declaration, field)) for field in SUBMITTED}


def _decided(declaration: Declaration) -> dict[str, object]:
    return {field: plain(getattr(declaration, field)) for field in DECIDED}


def plain(value: object) -> object:
    """A value of a declaration as the chain says it."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, DeclarationState):
        return value.value
    return [str(part) for part in value] if isinstance(value, list | tuple) else str(value)
