"""The chain of declarations: every submission and every decision, in order and provable (R-21)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
_HEAD = "SELECT sequence, hash FROM declaration_chain_head"
# The text of a payload is looked into as a text: an altered one need not be JSON at all, and what
# somebody wrote into it has its quotation marks escaped.
_WITHOUT_ENTRY = """
SELECT held.declaration_id, held.submissions, held.decisions FROM (
    SELECT declaration_id, held.state,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"submitted"') > 0) AS submissions,
           count(*) FILTER (WHERE strpos(chain.payload, '"step":"approved"') > 0
                                OR strpos(chain.payload, '"step":"refused"') > 0) AS decisions
    FROM declarations held LEFT JOIN declaration_chain chain USING (declaration_id)
    GROUP BY declaration_id, held.state
) held
WHERE submissions <> 1 OR decisions <> CASE held.state WHEN 'submitted' THEN 0 ELSE 1 END
ORDER BY declaration_id LIMIT :most
"""
_WITHOUT_DECLARATION = """
SELECT customer_key FROM customers c
WHERE NOT is_opening AND NOT EXISTS (
    SELECT FROM declarations held WHERE held.customer_key = c.customer_key)
ORDER BY customer_key LIMIT :most
"""
_BEYOND = """
SELECT sequence FROM declaration_chain WHERE sequence > :until ORDER BY sequence LIMIT :most
"""
_MOST = 100
"""How many of what has no sequence of its own are named; one is enough to know."""


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


async def verify(
    work: Work, anchors: Iterable[Head] = (), walked: Callable[[int, int], None] | None = None
) -> ChainReport:
    """Check every entry against its hash, the end against the head, and the working table (R-21).

    Finds every entry that was altered, dropped, moved or added, a cut-off end, a declaration whose
    row says anything else than its entries, and a customer without one. `anchors` are heads that
    were noted before. After each page `walked` hears how many entries are done, and of how many.
    """
    end = await head(work)
    verification, after = Verification(anchors), 0
    while page := await work.rows(_PAGE, after=after, until=end.sequence, at_once=_AT_ONCE):
        for row in page:
            _check(verification, row)
        after = page[-1]["sequence"]
        if walked is not None:
            walked(after, end.sequence)
    for row in await work.rows(_BEYOND, until=end.sequence, most=_MOST):
        verification.fault(row["sequence"], "链尾之后的记录", "stands after the end")
    await _compare_with_tables(work, verification, end.sequence + 1)
    return verification.finish(end)


async def _compare_with_tables(work: Work, verification: Verification, after: int) -> None:
    for row in await work.rows(_WITHOUT_ENTRY, most=_MOST):
        verification.fault(
            after,
            f"链上有某申报的 {row['submissions']} 次提交、{row['decisions']} 次决定，与其状态不符",
            f"of a declaration the chain has {row['submissions']} submissions and"
            f" {row['decisions']} decisions, which is not what its row says",
            f"declaration {row['declaration_id']}",
        )
    for row in await work.rows(_WITHOUT_DECLARATION, most=_MOST):
        verification.fault(
            after,
            "某客户没有申报",
            "a customer has no declaration",
            f"customer {row['customer_key']}",
        )


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


def _check(verification: Verification, row: RowMapping) -> None:
    entry = Entry(
        row["sequence"], row["recorded_at"], row["payload"], row["previous_hash"], row["hash"]
    )
    if verification.take(entry) and not _says_the_same(_payload(entry), row):
        verification.fault(
            entry.sequence,
            "申报表与链不符",
            "the row of the declaration says otherwise",
            f"declaration {row['declaration_id']}",
        )


def _payload(entry: Entry) -> Mapping[str, object]:
    """What a sound entry says; nothing, if somebody chained what is no entry of ours."""
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _says_the_same(payload: Mapping[str, object], row: RowMapping) -> bool:
    if payload.get("declaration_id") != str(row["declaration_id"]) or row["state"] is None:
        return False
    fields = _FIELDS_OF.get(str(payload.get("step")), ())
    return all(payload.get(field) == _plain(row[field]) for field in fields)


_SUBMITTED = (
    *("customer_key", "declaring_unit", "declared_by", "declared_on", "reporting_branch"),
    *("development_unit", "joint_units"),
)
_DECIDED = ("state", "decided_by", "decided_on", "decision_reason")
_FIELDS_OF = {"submitted": _SUBMITTED, "approved": _DECIDED, "refused": _DECIDED}
"""What the working table has to say in the same words; other steps have no row of their own."""


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
