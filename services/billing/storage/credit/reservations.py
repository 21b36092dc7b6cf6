"""Reservations, and what happened to each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from services.billing.domain.credit.reservations import Reservation, State
from shared.errors import NotFound
from shared.work import Work

_COLUMNS = (
    "reservation_id, customer_key, amount, purpose, ref, reserved_on, until_on, reserved_by,"
    " policy_version, inputs, consumed, state, version"
)
_INSERT = f"""
INSERT INTO credit_reservations ({_COLUMNS}, recorded_at)
VALUES (:{_COLUMNS.replace(", ", ", :")}, :recorded_at)
ON CONFLICT (ref) DO NOTHING RETURNING reservation_id
"""
_SAVE = """
UPDATE credit_reservations SET state = changed.state, consumed = changed.consumed,
    version = changed.version
FROM unnest(%s::uuid[], %s::text[], %s::numeric[], %s::int4[])
    AS changed (reservation_id, state, consumed, version)
WHERE credit_reservations.reservation_id = changed.reservation_id
"""
_NOTE = """
INSERT INTO credit_reservation_changes (reservation_id, version, customer_key, state, consumed,
    "on", staff_code, charge_id, reason, recorded_at)
SELECT reservation_id, version, customer_key, state, consumed, %s::date, %s::text, charge_id,
    %s::text, %s::timestamptz
FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::text[], %s::numeric[], %s::uuid[])
    AS changed (reservation_id, version, customer_key, state, consumed, charge_id)
"""


class UnknownReservation(NotFound):
    """No such reservation, or none that the caller may know of."""

    code = "unknown-credit-reservation"
    title_zh = "没有此额度预留"
    title_en = "No such reservation"


async def insert(work: Work, reservation: Reservation) -> bool:
    """Add a reservation; False when another one has its ref."""
    said = asdict(reservation) | {"inputs": orjson.dumps(reservation.inputs).decode()}
    added = await work.value(_INSERT, **said, recorded_at=work.now)
    if added is None:
        return False
    await _note(work, [(reservation, None)], None)
    return True


async def save(
    work: Work,
    changed: Sequence[tuple[Reservation, UUID | None]],
    reason: str | None = None,
) -> None:
    """Save reservations that changed, each with the charge that took of it, and note it.

    One that changed more than once is given once for each change, in order.
    """
    if not changed:
        return
    last = {each.reservation_id: each for each, _ in changed}
    await work.bulk(
        _SAVE,
        [each.reservation_id for each in last.values()],
        [each.state.value for each in last.values()],
        [each.consumed for each in last.values()],
        [each.version for each in last.values()],
    )
    await _note(work, changed, reason)


async def held(work: Work, reservation_id: UUID) -> Reservation:
    """The reservation, held until the work ends. Raises UnknownReservation."""
    row = await work.row(
        f"SELECT {_COLUMNS} FROM credit_reservations WHERE reservation_id = :id FOR UPDATE",
        id=reservation_id,
    )
    if row is None:
        raise UnknownReservation(
            f"没有额度预留 {reservation_id}", f"there is no reservation {reservation_id}"
        )
    return _reservation(row)


async def customers_of(work: Work, reservation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose the reservations are that exist."""
    rows = await work.rows(
        "SELECT reservation_id, customer_key FROM credit_reservations"
        " WHERE reservation_id = ANY(:ids)",
        ids=sorted(reservation_ids),
    )
    return {row["reservation_id"]: row["customer_key"] for row in rows}


async def live(work: Work, reservation_ids: Collection[UUID]) -> dict[UUID, Reservation]:
    """Those of `reservation_ids` that are live, held until the work ends."""
    rows = await work.rows(
        f"SELECT {_COLUMNS} FROM credit_reservations"
        " WHERE reservation_id = ANY(:ids) AND state = 'live' ORDER BY reservation_id FOR UPDATE",
        ids=sorted(reservation_ids),
    )
    return {row["reservation_id"]: _reservation(row) for row in rows}


async def due(work: Work, on: date) -> dict[UUID, UUID]:
    """Live reservations whose last day lies before `on`, with their customers; not held."""
    rows = await work.rows(
        "SELECT reservation_id, customer_key FROM credit_reservations"
        " WHERE state = 'live' AND until_on < :on",
        on=on,
    )
    return {row["reservation_id"]: row["customer_key"] for row in rows}


async def _note(
    work: Work, changed: Sequence[tuple[Reservation, UUID | None]], reason: str | None
) -> None:
    staff_code = work.caller.staff_code if work.caller is not None else None
    await work.bulk(
        *(_NOTE, work.today, staff_code, reason, work.now),
        [each.reservation_id for each, _ in changed],
        [each.version for each, _ in changed],
        [each.customer_key for each, _ in changed],
        [each.state.value for each, _ in changed],
        [each.consumed for each, _ in changed],
        [charge_id for _, charge_id in changed],
    )


def _reservation(row: Mapping[Any, Any]) -> Reservation:
    return Reservation(**{**row, "state": State(row["state"])})
