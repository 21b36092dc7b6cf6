"""The chain of declarations: every submission and every decision, in order and provable (R-21)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.proof.declarations import Declaration, DeclarationState, Developers
from services.registry.domain.proof.evidence_chain import (
    ChainReport,
    Entry,
    Head,
    Verification,
    append,
)
from shared.work import Work

_AT_ONCE = 2000
"""Entries read at once, so that memory does not grow with the chain."""

_PAGE = """
SELECT chain.*, held.customer_key, held.declaring_unit, held.declared_by, held.declared_on,
       held.reporting_branch, held.development_unit, held.joint_units, held.state,
       held.decided_by, held.decided_on, held.decision_reason
FROM declaration_chain chain LEFT JOIN declarations held USING (declaration_id)
WHERE chain.sequence > :after AND chain.sequence <= :until
ORDER BY chain.sequence LIMIT :at_once
"""
_END = """
SELECT sequence, hash, (SELECT max(sequence) FROM declaration_chain) AS last
FROM declaration_chain_head
"""
_WITHOUT_ENTRY = """
SELECT declaration_id FROM declarations held
WHERE (SELECT count(*) FROM declaration_chain chain
       WHERE chain.declaration_id = held.declaration_id)
    <> CASE held.state WHEN 'submitted' THEN 1 ELSE 2 END
ORDER BY declaration_id LIMIT 1
"""


async def record_submission(
    work: Work, declaration: Declaration, customer: Mapping[str, object]
) -> Entry:
    """Chain a declaration with everything that it says of the `customer` (R-21)."""
    content = {"customer": dict(customer), **_submitted(declaration)}
    return await _record(work, declaration.declaration_id, {"step": "submitted", **content})


async def record_decision(
    work: Work, declaration: Declaration, developers: Developers | None = None
) -> Entry:
    """Chain the decision about a declaration: who, when, why, and who is to develop (R-21)."""
    content = _decided(declaration)
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


async def verify(work: Work) -> ChainReport:
    """Check every entry against its hash, the end against the head, and the working table (R-21).

    Finds an entry that was changed, dropped or moved, a cut-off end, and a declaration whose row
    says anything else than its entries.
    """
    end = await work.row(_END)
    assert end is not None, "the head is written by the migration"
    head = Head(end["sequence"], end["hash"])
    verification, after = Verification(), 0
    while page := await work.rows(_PAGE, after=after, until=head.sequence, at_once=_AT_ONCE):
        after = page[-1]["sequence"]
        if not all(_agrees(verification, row) for row in page):
            break
    if (end["last"] or 0) > head.sequence:
        verification.fault(head.sequence + 1, "末尾之后有记录", "entries stand after the end")
    stray = await work.value(_WITHOUT_ENTRY)
    if stray is not None:
        verification.fault(
            head.sequence + 1,
            f"申报 {stray} 与链上记录不符",
            f"declaration {stray} does not have the entries that its state asks for",
        )
    return verification.finish(head)


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


def _agrees(verification: Verification, row: RowMapping) -> bool:
    entry = Entry(
        row["sequence"], row["recorded_at"], row["payload"], row["previous_hash"], row["hash"]
    )
    if not verification.take(entry):
        return False
    if not _says_the_same(json.loads(entry.payload), row):
        verification.fault(entry.sequence, "申报表与链不符", "the declaration's row says otherwise")
        return False
    return True


def _says_the_same(payload: Mapping[str, object], row: RowMapping) -> bool:
    if payload["declaration_id"] != str(row["declaration_id"]) or row["state"] is None:
        return False
    fields = _SUBMITTED if payload["step"] == "submitted" else _DECIDED
    return all(payload[field] == _plain(row[field]) for field in fields)


_SUBMITTED = (
    *("customer_key", "declaring_unit", "declared_by", "declared_on", "reporting_branch"),
    *("development_unit", "joint_units"),
)
_DECIDED = ("state", "decided_by", "decided_on", "decision_reason")


def _submitted(declaration: Declaration) -> dict[str, object]:
    return {field: _plain(getattr(declaration, field)) for field in _SUBMITTED}


def _decided(declaration: Declaration) -> dict[str, object]:
    return {field: _plain(getattr(declaration, field)) for field in _DECIDED}


def _plain(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, DeclarationState):
        return value.value
    return [str(part) for part in value] if isinstance(value, list | tuple) else str(value)
