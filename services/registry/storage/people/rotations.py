"""Rotations: who has led a customer for too long, and what was decided (R-50, C22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.people.rotations import RotationState
from services.registry.domain.people.succession import Bridge
from shared.errors import NotFound
from shared.work import Work

_FIELDS = (
    *("rotation_id", "customer_key", "staff_code", "lead_since_on", "state", "policy_version"),
    *("postponed_until", "decided_on", "successor", "bridge", "bridge_until", "handover_id"),
    "version",
)

_PROPOSE = """
WITH due AS (
    SELECT m.customer_key, m.lead_staff_code, m.lead_since_on
    FROM managers m JOIN customers c USING (customer_key)
    WHERE m.lead_since_on <= :led_since AND m.lead_staff_code IS NOT NULL
        AND c.closed_on IS NULL AND c.approved_on IS NOT NULL
        AND NOT EXISTS (SELECT FROM rotations open WHERE open.customer_key = m.customer_key
                        AND open.state IN ('proposed', 'postponed'))
), proposed AS (
    INSERT INTO rotations (rotation_id, customer_key, staff_code, lead_since_on, proposed_on,
                           state, policy_version, version, recorded_at)
    SELECT gen_random_uuid(), customer_key, lead_staff_code, lead_since_on, :on, 'proposed',
           :policy_version, 1, :now
    FROM due ORDER BY customer_key
    ON CONFLICT DO NOTHING
    RETURNING rotation_id, customer_key
)
INSERT INTO rotation_steps (rotation_id, number, customer_key, step, "on", recorded_at)
SELECT rotation_id, 1, customer_key, 'proposed', :on, :now FROM proposed
"""

_STEP = """
WITH stepped AS (
    UPDATE rotations r SET state = :state, version = r.version + 1, decided_on = :decided_on
    FROM managers m, customers c
    WHERE m.customer_key = r.customer_key AND c.customer_key = r.customer_key AND ({condition})
    RETURNING r.rotation_id, r.customer_key, r.version
)
INSERT INTO rotation_steps (rotation_id, number, customer_key, step, "on", recorded_at)
SELECT rotation_id, version, customer_key, :step, :on, :now FROM stepped
"""


class UnknownRotation(NotFound):
    """No rotation of that ID, or none that the caller may see."""

    code = "unknown-rotation"
    title_zh = "轮换建议不存在"
    title_en = "Unknown rotation"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A proposal to rotate the lead of a customer, and what became of it."""

    rotation_id: UUID
    customer_key: UUID
    staff_code: str
    lead_since_on: date
    state: RotationState
    policy_version: int
    postponed_until: date | None
    decided_on: date | None
    successor: str | None
    bridge: str | None
    bridge_until: date | None
    handover_id: UUID | None
    version: int


async def propose(work: Work, on: date, led_since: date, policy_version: int) -> int:
    """Propose a rotation wherever one person has led since `led_since` or longer; how many."""
    done = await work.run(
        _PROPOSE,
        {"on": on, "led_since": led_since, "policy_version": policy_version, "now": work.now},
    )
    return done.rowcount


async def withdraw(work: Work, on: date) -> int:
    """Withdraw proposals whose customer somebody else leads meanwhile, or that was closed."""
    condition = (
        "r.state IN ('proposed', 'postponed') AND (c.closed_on IS NOT NULL"
        " OR (m.lead_staff_code, m.lead_since_on)"
        " IS DISTINCT FROM (r.staff_code, r.lead_since_on))"
    )
    return await _step_all(work, on, condition, RotationState.WITHDRAWN, "withdrawn")


async def wake(work: Work, on: date) -> int:
    """Propose again what was postponed until `on` or a day before."""
    condition = "r.state = 'postponed' AND r.postponed_until <= :on"
    return await _step_all(work, on, condition, RotationState.PROPOSED, "proposed-again")


async def load(work: Work, rotation_id: UUID) -> Rotation:
    """The rotation, held until the work ends; raises UnknownRotation."""
    row = await work.row(
        "SELECT * FROM rotations WHERE rotation_id = :id FOR UPDATE", id=rotation_id
    )
    if row is None:
        raise UnknownRotation(
            f"没有轮换建议 {rotation_id}", f"there is no rotation {rotation_id} that you may see"
        )
    return _rotation(row)


async def save(work: Work, rotation: Rotation, step: str, by: str, reason: str | None) -> None:
    """Give the rotation, which is held, its newest state, and note the step."""
    await work.run(
        "UPDATE rotations SET state = :state, postponed_until = :postponed_until,"
        " decided_on = :decided_on, successor = :successor, bridge = :bridge,"
        " bridge_until = :bridge_until, handover_id = :handover_id, version = :version"
        " WHERE rotation_id = :rotation_id",
        {name: getattr(rotation, name) for name in _FIELDS} | {"state": rotation.state.value},
    )
    await work.run(
        'INSERT INTO rotation_steps (rotation_id, number, customer_key, step, "on", by, reason,'
        " recorded_at) VALUES (:id, :number, :key, :step, :on, :by, :reason, :now)",
        {
            "id": rotation.rotation_id,
            "number": rotation.version,
            "key": rotation.customer_key,
            "step": step,
            "on": work.today,
            "by": by,
            "reason": reason,
            "now": work.now,
        },
    )


async def bridges(work: Work, customer_key: UUID) -> Sequence[Bridge]:
    """Who has to stay with the customer, and until when (C22)."""
    rows = await work.rows(
        "SELECT bridge, bridge_until FROM rotations WHERE customer_key = :key"
        " AND state = 'accepted' AND bridge IS NOT NULL ORDER BY bridge_until",
        key=customer_key,
    )
    return [Bridge(row["bridge"], row["bridge_until"]) for row in rows]


async def _step_all(work: Work, on: date, condition: str, state: RotationState, step: str) -> int:
    done = await work.run(
        _STEP.format(condition=condition),
        {
            "on": on,
            "state": state.value,
            "decided_on": on if state is RotationState.WITHDRAWN else None,
            "step": step,
            "now": work.now,
        },
    )
    return done.rowcount


def _rotation(row: RowMapping) -> Rotation:
    fields = {name: row[name] for name in _FIELDS}
    fields["state"] = RotationState(row["state"])
    return Rotation(**fields)
