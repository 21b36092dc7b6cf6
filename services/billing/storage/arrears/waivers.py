"""Waivers of late fees, and who decided what about them: the decisions are only ever added to."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from services.billing.domain.arrears.waivers import Waivable, Waiver, WaiverState
from shared.errors import NotFound
from shared.work import Work

_COLUMNS = (
    "waiver_id, late_fee_id, customer_key, amount, reason, state, proposed_by, proposed_on,"
    " decided_by, decided_on, policy_version, version"
)
_INSERT = f"""
INSERT INTO late_fee_waivers ({_COLUMNS}) VALUES (:{_COLUMNS.replace(", ", ", :")})
"""
_UPDATE = """
UPDATE late_fee_waivers SET state = :state, decided_by = :decided_by, decided_on = :decided_on,
    policy_version = :policy_version, version = :version
WHERE waiver_id = :waiver_id
"""
_NOTE = """
INSERT INTO late_fee_waiver_changes (waiver_id, version, state, "on", staff_code, note,
    policy_version, fee, granted, recorded_at)
VALUES (:waiver_id, :version, :state, :on, :staff_code, :note, :policy_version, :fee, :granted,
    :recorded_at)
"""
_FEE = """
SELECT item_id AS late_fee_id, customer_key, billed AS fee, waived AS granted FROM items
WHERE item_id = :late_fee_id AND fee_of IS NOT NULL
"""


class UnknownLateFee(NotFound):
    """No such late fee, or none that the caller may know of."""

    code = "unknown-late-fee"
    title_zh = "没有此违约金"
    title_en = "No such late fee"


class UnknownWaiver(NotFound):
    """No such waiver, or none that the caller may know of."""

    code = "unknown-late-fee-waiver"
    title_zh = "没有此违约金减免"
    title_en = "No such waiver of a late fee"


async def fee(work: Work, late_fee_id: UUID) -> Waivable:
    """The fee as it stands; the account of its customer is the lock. Raises UnknownLateFee."""
    row = await work.row(_FEE, late_fee_id=late_fee_id)
    if row is None:
        raise UnknownLateFee(f"没有违约金 {late_fee_id}", f"there is no late fee {late_fee_id}")
    return Waivable(**row)


async def held(work: Work, waiver_id: UUID) -> Waiver:
    """The waiver; the account of its customer is the lock. Raises UnknownWaiver."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM late_fee_waivers WHERE waiver_id = :id", id=waiver_id
    )
    if row is None:
        raise UnknownWaiver(f"没有减免 {waiver_id}", f"there is no waiver {waiver_id}")
    return Waiver(**{**row, "state": WaiverState(row["state"])})


async def insert(work: Work, waiver: Waiver, seen: Waivable) -> None:
    """Add a proposal, made in sight of the fee as it was `seen`."""
    await work.run(_INSERT, asdict(waiver))
    await _note(work, waiver, seen, waiver.reason)


async def update(work: Work, waiver: Waiver, seen: Waivable, note: str | None) -> None:
    """Keep what was decided, with a note, in sight of the fee as it was `seen`."""
    await work.run(_UPDATE, asdict(waiver))
    await _note(work, waiver, seen, note)


async def _note(work: Work, waiver: Waiver, seen: Waivable, note: str | None) -> None:
    await work.run(
        _NOTE,
        {
            "waiver_id": waiver.waiver_id,
            "version": waiver.version,
            "state": waiver.state,
            "on": waiver.decided_on or waiver.proposed_on,
            "staff_code": waiver.decided_by or waiver.proposed_by,
            "note": note,
            "policy_version": waiver.policy_version,
            "fee": seen.fee,
            "granted": seen.granted,
            "recorded_at": work.now,
        },
    )
