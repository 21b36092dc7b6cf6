"""Reservations under a credit limit (B-34)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.billing.api.listings import Listing
from services.billing.api.models import SELLING, Command, Positive, Reason
from services.billing.domain.credit.reservations import State
from services.billing.handlers.credit import reserve_credit
from services.billing.handlers.credit.reserve_credit import ReserveCredit
from services.billing.storage.credit import reports
from services.billing.storage.credit.reservations import UnknownReservation
from shared.contracts.values import Amount, Day, Ref
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/credit/reservations", tags=["credit"])


class ReservationIn(Command):
    """Room to keep free until the end of `until_on`; `ref` is the asker's own number."""

    customer_key: UUID
    amount: Positive
    purpose: Annotated[str, Field(min_length=1, max_length=200)]
    ref: Ref
    until_on: Day


class ReleaseIn(Command):
    """Why the room is given back."""

    reason: Reason


class ReservationOut(BaseModel):
    """A reservation; charges have taken `consumed` of it, `left` is still kept free.

    `inputs` are the limit, where it comes from, and the exposure of the group before.
    """

    reservation_id: UUID
    customer_key: UUID
    amount: Amount
    consumed: Amount
    left: Amount
    purpose: str
    ref: str
    reserved_on: date
    until_on: date
    state: State
    reserved_by: str
    policy_version: int | None
    inputs: dict[str, str | int | None]
    version: int


_RESERVATIONS = Listing(
    reports.RESERVATIONS,
    Keyset("reserved_on date", "reservation_id uuid", descending=True),
    ReservationOut,
    UnknownReservation,
    ("reservation_id", "customer_key", "ref", "state"),
)


class ReservationChangeOut(BaseModel):
    """What happened to a reservation; without a staff code it expired, or a charge took of it."""

    version: int
    state: State
    consumed: Amount
    on: date
    staff_code: str | None
    receivable_id: UUID | None
    reason: str | None
    recorded_at: datetime


@router.post("", status_code=201, roles=SELLING)
async def reserve(body: ReservationIn, work: Commanding) -> ReservationOut:
    """预留额度 / keep room free under the group's limit; refused when it does not fit."""
    made = await reserve_credit.handle(work, ReserveCredit(**dict(body)))
    return ReservationOut.model_validate(made, from_attributes=True)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    ref: Annotated[str | None, Query(max_length=200)] = None,
    state: State | None = None,
) -> Page[ReservationOut]:
    """额度预留清单 / reservations in sight, the latest first."""
    return await _RESERVATIONS.page(work, page, customer_key=customer_key, ref=ref, state=state)


@router.get("/{reservation_id}")
async def shown(reservation_id: UUID, work: Reading) -> ReservationOut:
    """一项额度预留 / one reservation."""
    return await _RESERVATIONS.one(work, reservation_id=reservation_id)


@router.get("/{reservation_id}/changes")
async def changes(reservation_id: UUID, work: Reading) -> list[ReservationChangeOut]:
    """额度预留的经过 / what happened to a reservation, and who did it."""
    rows = await work.rows(reports.RESERVATION_CHANGES, reservation_id=reservation_id)
    return [ReservationChangeOut(**row) for row in rows]


@router.post("/{reservation_id}/release", roles=SELLING)
async def release(
    reservation_id: UUID, body: ReleaseIn, work: Commanding, expected_version: IfMatch
) -> ReservationOut:
    """释放额度 / give the room back."""
    released = await reserve_credit.release(work, reservation_id, expected_version, body.reason)
    return ReservationOut.model_validate(released, from_attributes=True)
