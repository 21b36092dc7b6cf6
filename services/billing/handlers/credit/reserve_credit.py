"""Room under a group's limit: asked for, reserved, given back (B-34).

The limit is hard here. Whoever asks holds the account of the head office until he has decided, so
of many who ask at once only those get something whose sum fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.credit import reservations as domain
from services.billing.domain.credit.exposure import Standing, check_room, limit_of
from services.billing.domain.credit.limits import CreditLimits, Limit
from services.billing.domain.credit.reservations import Reservation, ReservationRefTaken
from services.billing.domain.receivables.charges import Charge
from services.billing.handlers.credit import watch_exposure
from services.billing.handlers.credit.credit_facts import body_of, limits_in_force
from services.billing.storage.credit import groups, reservations
from services.billing.storage.credit.reservations import UnknownReservation
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.directory import customers, scope
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ReserveCredit:
    """`amount` yuan for `purpose`, kept free until the end of `until_on`; `ref` is the asker's."""

    customer_key: UUID
    amount: Decimal
    purpose: str
    ref: str
    until_on: date


async def handle(work: Work, command: ReserveCredit) -> Reservation:
    """Reserve, if the group's limit has room.

    Raises UnapprovedCustomer and the like (R-20), OutOfScope, InvalidReservation,
    CreditLimitReached, ReservationRefTaken.
    """
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    terms = await policy.in_force(work, CreditLimits, work.today)
    domain.check_span(
        work.today, command.until_on, terms.body.longest_reservation_days, terms.version
    )

    standing, limit = await _require_room(work, command.customer_key, command.amount)

    reservation = Reservation(
        reservation_id=new_id(),
        customer_key=command.customer_key,
        amount=command.amount,
        purpose=command.purpose,
        ref=command.ref,
        reserved_on=work.today,
        until_on=command.until_on,
        reserved_by=work.person.staff_code,
        policy_version=terms.version,
        inputs=domain.inputs_of(standing, limit),
    )
    if not await reservations.insert(work, reservation):
        raise ReservationRefTaken(
            f"编号 {command.ref} 已有额度预留",
            f"there is a reservation with the number {command.ref}",
            pointer="/ref",
        )
    return reservation


async def _require_room(work: Work, customer_key: UUID, amount: Decimal) -> tuple[Standing, Limit]:
    """Hold the group of the customer, and refuse unless `amount` yuan more fit under its limit.

    Raises CreditLimitReached with limit, exposure and what was asked.
    """
    await customer_books.lock(work, [customer_key])
    head = (await groups.groups_of(work, [customer_key]))[customer_key]
    limits = await limits_in_force(work, work.today)
    (standing,) = await groups.standings(work, [head], work.today, body_of(limits))
    limit = limit_of(standing, limits)
    check_room(standing, limit, amount)
    return standing, limit


async def release(
    work: Work, reservation_id: UUID, expected_version: int, reason: str
) -> Reservation:
    """Give the room back. Raises UnknownReservation, StaleVersion, ReservationNotLive."""
    whose = await reservations.customers_of(work, [reservation_id])
    await customer_books.lock(work, whose.values())
    held = await reservations.held(work, reservation_id)
    await scope.require(work, held.customer_key, "money")
    require_version(expected_version, held.version)

    released = domain.release(held)

    await reservations.save(work, [(released, None)], reason)
    await watch_exposure.watch(work, [released.customer_key])
    return released


async def require_live(work: Work, reservation_id: UUID, customer_key: UUID) -> None:
    """Refuse unless a person may charge the customer out of the reservation, its group's own.

    Raises UnknownReservation, also for another group's; ReservationNotLive.
    """
    whose = await reservations.customers_of(work, [reservation_id])
    await customer_books.lock(work, [customer_key, *whose.values()])
    held = await reservations.held(work, reservation_id)
    group_of = await groups.groups_of(work, [customer_key, held.customer_key])
    if group_of[customer_key] != group_of[held.customer_key]:
        raise UnknownReservation(
            f"该客户及其集团没有额度预留 {reservation_id}",
            f"the customer's group has no reservation {reservation_id}",
            pointer="/reservation_id",
        )
    domain.check_live(held)


async def consume(work: Work, raised: Sequence[Charge], reserved: Mapping[UUID, UUID]) -> None:
    """Let new charges take what they bill out of the reservations that they name.

    `reserved` are reservations by charge; the accounts of the charges are held. A reservation that
    nobody made, that is over, or that is another group's, is left alone: a charge stands for
    itself.
    """
    whose = await reservations.customers_of(work, set(reserved.values()))
    group_of = await groups.groups_of(
        work, {*whose.values(), *(charge.customer_key for charge in raised)}
    )
    live = await reservations.live(work, whose)
    changed = []
    for charge in raised:
        named = live.get(reserved.get(charge.charge_id, charge.charge_id))
        if named is None or group_of[named.customer_key] != group_of[charge.customer_key]:
            continue
        taken = domain.consume(named, charge.gross)
        if taken is not None:
            live[taken.reservation_id] = taken
            changed.append((taken, charge.charge_id))
    await reservations.save(work, changed)


async def expire_due(work: Work, on: date) -> int:
    """Sweep: give back what was reserved until the day before `on`; returns how many."""
    due = await reservations.due(work, on)
    await customer_books.lock(work, due.values())
    expired = [domain.expire(each) for each in (await reservations.live(work, due)).values()]
    await reservations.save(work, [(each, None) for each in expired])
    await watch_exposure.watch(work, due.values())
    return len(expired)
