"""Corrections of many charges at once, step by step, and the charges: only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from services.billing.domain.requests.batches import (
    BatchState,
    ChargeRule,
    Chosen,
    CorrectionBatch,
)
from services.billing.domain.requests.rules import Direction
from services.billing.storage.requests.requests import UnknownRequest
from shared.directory.grants import visible, visible_unit
from shared.work import Work

_RULE = TypeAdapter(ChargeRule)

# Damages, and what corrected a charge before, are no tariff that a policy changes.
_CHOOSE = f"""
SELECT charge_id, customer_key, part FROM (
    SELECT c.charge_id, c.customer_key,
        CASE WHEN CAST(:rate AS numeric) IS NOT NULL
                 THEN round((c.gross - c.cancelled) * CAST(:rate AS numeric), 2)
             WHEN :is_refund THEN least(CAST(:amount AS numeric), c.gross - c.cancelled)
             ELSE CAST(:amount AS numeric) END AS part
    FROM charges c LEFT JOIN issued_charges issued ON issued.charge_id = c.charge_id
    WHERE c.issued_on BETWEEN :issued_from AND :issued_until AND c.gross > c.cancelled
        AND coalesce(issued.kind, 'ordinary') = 'ordinary'
        AND (CAST(:tariff_class AS text) IS NULL OR c.tariff_class = :tariff_class)
        AND (CAST(:business_line AS text) IS NULL OR c.business_line = :business_line)
        AND {visible("money", "c.customer_key")}
) chosen WHERE part > 0
"""
_SUMS = """
count(*) AS charges, count(DISTINCT customer_key) AS customers,
coalesce(sum(part), 0.00) AS total, coalesce(max(part), 0.00) AS largest
"""
_PREVIEW = f"SELECT {_SUMS} FROM ({_CHOOSE}) found"
_TAKE = f"""
WITH taken AS (
    INSERT INTO correction_batch_charges (batch_id, charge_id, customer_key, request_id, amount)
    SELECT :batch_id, charge_id, customer_key, gen_random_uuid(), part FROM ({_CHOOSE}) found
    RETURNING customer_key, amount AS part
)
SELECT {_SUMS} FROM taken
"""
_STEP = """
SELECT step.batch_id, step.version, step.unit, step.state, step.rule, step.charges, step.total,
    step.largest, step.reason, step.staff_code, step.decided_on, step.policy_version, step.inputs,
    first.staff_code AS applied_by, first.decided_on AS applied_on, first.reason AS applied_because
FROM correction_batches step
JOIN correction_batches first ON first.batch_id = step.batch_id AND first.version = 1
"""
_HELD = (
    f"{_STEP} WHERE step.batch_id = :batch_id AND {{in_sight}} ORDER BY step.version DESC LIMIT 1"
)
_APPROVED = f"""
{_STEP} WHERE step.state = 'approved' AND step.decided_on <= :on AND NOT EXISTS (
    SELECT FROM correction_batches later
    WHERE later.batch_id = step.batch_id AND later.version > step.version)
ORDER BY step.batch_id LIMIT 1
"""
_PENDING = """
SELECT charge_id, customer_key, request_id, amount FROM correction_batch_charges chosen
WHERE batch_id = %s::uuid AND charge_id > %s::uuid AND NOT EXISTS (
    SELECT FROM money_requests done
    WHERE done.request_id = chosen.request_id AND done.version = 1)
ORDER BY charge_id LIMIT %s::int4
"""
_ADD = """
INSERT INTO correction_batches (batch_id, version, unit, state, rule, charges, total, largest,
    reason, staff_code, decided_on, policy_version, inputs, recorded_at)
VALUES (:batch_id, :version, :unit, :state, CAST(:rule AS jsonb), :charges, :total, :largest,
    :reason, :staff_code, :decided_on, :policy_version, CAST(:inputs AS jsonb), :recorded_at)
"""


@dataclass(frozen=True, slots=True)
class ChosenCharge:
    """A charge of a batch, the correction that it becomes, and how much of it (yuan)."""

    charge_id: UUID
    customer_key: UUID
    request_id: UUID
    amount: Decimal


async def preview(work: Work, rule: ChargeRule) -> Chosen:
    """What the rule finds of the charges in the caller's sight."""
    return await _sums(work, _PREVIEW, rule)


async def take(work: Work, batch_id: UUID, rule: ChargeRule) -> Chosen:
    """Keep what the rule finds in the caller's sight as the charges of the batch."""
    return await _sums(work, _TAKE, rule, batch_id=batch_id)


async def add(work: Work, batch: CorrectionBatch) -> None:
    """Keep a step of a batch."""
    await work.run(
        _ADD,
        {
            "batch_id": batch.batch_id,
            "version": batch.version,
            "unit": batch.unit,
            "state": batch.state,
            "rule": _RULE.dump_json(batch.rule).decode(),
            "charges": batch.chosen.charges,
            "total": batch.chosen.total,
            "largest": batch.chosen.largest,
            "reason": batch.reason,
            "staff_code": batch.staff_code,
            "decided_on": batch.decided_on,
            "policy_version": batch.policy_version,
            "inputs": orjson.dumps({**batch.inputs, "customers": batch.chosen.customers}).decode(),
            "recorded_at": work.now,
        },
    )


async def held(work: Work, batch_id: UUID) -> CorrectionBatch:
    """The batch at its newest step, held for a decision, if the caller may know of it.

    Raises UnknownRequest.
    """
    await work.run(
        "SELECT FROM correction_batches WHERE batch_id = :batch_id AND version = 1 FOR UPDATE",
        {"batch_id": batch_id},
    )
    row = await work.row(_HELD.format(in_sight=visible_unit("step.unit")), batch_id=batch_id)
    if row is None:
        raise UnknownRequest(f"没有申请 {batch_id}", f"there is no request {batch_id}")
    return _batch(row)


async def next_approved(work: Work, on: date) -> CorrectionBatch | None:
    """A batch that was confirmed by the day `on` and is not performed yet."""
    row = await work.row(_APPROVED, on=on)
    return None if row is None else _batch(row)


async def pending(work: Work, batch_id: UUID, after: UUID, size: int) -> list[ChosenCharge]:
    """The next charges of a batch behind a key that nothing was done about."""
    return [ChosenCharge(*row) for row in await work.bulk(_PENDING, batch_id, after, size)]


async def _sums(work: Work, statement: str, rule: ChargeRule, **further: Any) -> Chosen:
    row = await work.row(
        statement,
        rate=rule.rate,
        amount=rule.amount,
        is_refund=rule.direction is Direction.REFUND,
        issued_from=rule.issued_from,
        issued_until=rule.issued_until,
        tariff_class=rule.tariff_class,
        business_line=rule.business_line,
        **further,
    )
    assert row is not None, "an aggregate returns one row"
    return Chosen(**row)


def _batch(row: Any) -> CorrectionBatch:
    known = dict(row)
    chosen = Chosen(
        known.pop("charges"),
        known["inputs"].pop("customers"),
        known.pop("total"),
        known.pop("largest"),
    )
    rule = _RULE.validate_python(known.pop("rule"))
    state = BatchState(known.pop("state"))
    return CorrectionBatch(**known, chosen=chosen, rule=rule, state=state)
