"""Reservations (额度预留): room under a limit that is kept free for a purchase (B-34).

Live from its day until the end of its last day, unless it is released; a charge that names it takes
what it bills out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

from .exposure import Standing
from .limits import Limit


class State(StrEnum):
    """Where a reservation stands."""

    LIVE = "live"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"


class InvalidReservation(Invalid):
    """It ends before it begins, or lasts longer than policy allows."""

    code = "invalid-credit-reservation"
    rule = "B-34"
    title_zh = "额度预留无效"
    title_en = "Invalid reservation"


class ReservationNotLive(Conflict):
    """It is used up, released or expired."""

    code = "credit-reservation-not-live"
    rule = "B-34"
    title_zh = "额度预留已失效"
    title_en = "The reservation is no longer live"


class ReservationRefTaken(Conflict):
    """Another reservation has this number."""

    code = "credit-reservation-ref-taken"
    rule = "B-35"
    title_zh = "外部编号已被占用"
    title_en = "The reference is taken"


@dataclass(frozen=True, slots=True)
class Reservation:
    """`amount` yuan kept free until the end of `until_on`; charges have taken `consumed` of it.

    `inputs` are what the decision saw of the group (`inputs_of`).
    """

    reservation_id: UUID
    customer_key: UUID
    amount: Decimal
    purpose: str
    ref: str
    reserved_on: date
    until_on: date
    reserved_by: str
    policy_version: int | None
    inputs: Mapping[str, object]
    consumed: Decimal = Decimal("0.00")
    state: State = State.LIVE
    version: int = 1

    @property
    def left(self) -> Decimal:
        """What is still kept free, in yuan."""
        return self.amount - self.consumed if self.state is State.LIVE else Decimal("0.00")


def inputs_of(standing: Standing, limit: Limit) -> dict[str, object]:
    """What a reservation is decided by: the limit, where it comes from, and the exposure before."""
    return {
        "credit_limit": None if limit.amount is None else str(limit.amount),
        "limit_version": limit.version,
        "exposure": str(standing.exposure),
        **asdict(limit.traits),
    }


def check_span(reserved_on: date, until_on: date, longest_days: int, policy_version: int) -> None:
    """Raise InvalidReservation unless it ends on its day or up to `longest_days` after it."""
    days = (until_on - reserved_on).days
    if not 0 <= days <= longest_days:
        raise InvalidReservation(
            f"预留至 {until_on}：须在 {reserved_on} 之后 0 至 {longest_days} 天",
            f"a reservation ends on {reserved_on} or up to {longest_days} days later,"
            f" not on {until_on}",
            pointer="/until_on",
            limit=longest_days,
            days=days,
            policy_version=policy_version,
        )


def release(reservation: Reservation) -> Reservation:
    """Give the room back. Raises ReservationNotLive."""
    check_live(reservation)
    return _ended(reservation, State.RELEASED)


def check_live(reservation: Reservation) -> None:
    """Raise ReservationNotLive unless something is still kept free by it."""
    if reservation.state is not State.LIVE:
        raise ReservationNotLive(
            f"预留 {reservation.ref} 的状态为 {reservation.state}",
            f"the reservation {reservation.ref} is {reservation.state}",
            state=reservation.state.value,
        )


def expire(reservation: Reservation) -> Reservation:
    """Its last day is over."""
    return _ended(reservation, State.EXPIRED)


def consume(reservation: Reservation, billed: Decimal) -> Reservation | None:
    """A charge of `billed` yuan takes that much of it; None when nothing is left to take.

    A charge is a fact: one above what was reserved takes all of it and is never refused.
    """
    if not reservation.left:
        return None
    consumed = reservation.consumed + min(billed, reservation.left)
    state = State.CONSUMED if consumed == reservation.amount else State.LIVE
    return replace(reservation, consumed=consumed, state=state, version=reservation.version + 1)


def _ended(reservation: Reservation, state: State) -> Reservation:
    return replace(reservation, state=state, version=reservation.version + 1)
