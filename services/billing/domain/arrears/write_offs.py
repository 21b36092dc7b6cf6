"""What is given up of a receivable, and what of it is recovered when money comes after all (B-17).

A write-off names a charge, a day and what was approved. What it gives up is a function of what was
paid: what is open when the day ends, up to what was approved. Money of that day or before that is
heard of late makes it less; money that comes later, by its remittance or by a pin, recovers it on
the day it comes: the write-off is reversed as far as that goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from ..books.accounts import Account
from ..books.journal import moved
from ..receivables.customer_books import CustomerBooks, Dated, Reckoning
from ..receivables.decisions import WriteOff
from ..receivables.receivables import NOTHING, Owed
from ..receivables.settlement import Application


@dataclass(frozen=True, slots=True)
class ClosedItem:
    """An instalment or late fee of a charge that was given up: yuan, and (day, yuan) of its money.

    The money is in the order of the payments.
    """

    item_id: UUID
    amount: Decimal
    paid: Sequence[tuple[date, Decimal]]


def given_up(on: date, approved: Decimal, items: Iterable[ClosedItem]) -> dict[Dated, Decimal]:
    """Yuan given up by item and day: on the day `on`, and negative on the days of recovery.

    `items` in the order in which money pays them; together they are given up to `approved` yuan.
    What is open beyond that stays open, and later money goes there first.
    """
    entries: dict[Dated, Decimal] = {}
    for item in items:
        open_then = item.amount - sum((part for day, part in item.paid if day <= on), NOTHING)
        held = min(approved, open_then)
        approved -= held
        beyond = open_then - held
        if held:
            entries[item.item_id, on] = held
        for day, part in item.paid:
            if day <= on:
                continue
            to_beyond = min(beyond, part)
            beyond -= to_beyond
            back = min(held, part - to_beyond)
            held -= back
            if back:
                so_far = entries.get((item.item_id, day), NOTHING)
                entries[item.item_id, day] = so_far - back
    return entries


def closings(books: CustomerBooks) -> dict[UUID, WriteOff]:
    """The write-off of each charge that was given up."""
    return {each.charge_id: each for each in books.decisions.write_offs}


def with_closing(books: CustomerBooks, closing: WriteOff) -> CustomerBooks:
    """The books as if `closing` had been decided."""
    others = (each for each in books.decisions.write_offs if each.charge_id != closing.charge_id)
    return replace(books, decisions=replace(books.decisions, write_offs=(*others, closing)))


def decide_write_offs(
    outcome: Reckoning, books: CustomerBooks, applications: Sequence[Application]
) -> None:
    """Note in `outcome` what whole `books` give up, and post what differs from what they did.

    `applications` is all that pays anything; what is paid and which fees there are is in `outcome`.
    """
    owed = {item.item_id: item for item in books.owed} | outcome.owed
    closed = closings(books)
    target = _target(closed.values(), owed.values(), applications)
    for dated in sorted(target.keys() | books.written_off.keys()):
        before, after = books.written_off.get(dated, NOTHING), target.get(dated, NOTHING)
        if before == after:
            continue
        item = owed[dated[0]]
        outcome.written_off[dated] = after
        outcome.write_off_lines.setdefault(item.charge_id, []).extend(
            moved(
                after - before,
                Account.BAD_DEBTS,
                Account.RECEIVABLE,
                dated[1],
                item.customer_key or books.customer_key,
                item_id=item.item_id,
            )
        )
    sums: dict[UUID, Decimal] = {}
    for (item_id, _), amount in target.items():
        sums[item_id] = sums.get(item_id, NOTHING) + amount
    for item_id, item in owed.items():
        closing = closed.get(item.charge_id)
        on, given = closing.on if closing else None, sums.get(item_id, NOTHING)
        if (item.closed_on, item.written_off) != (on, given):
            outcome.owed[item_id] = replace(item, closed_on=on, written_off=given)


def _target(
    closed: Iterable[WriteOff], owed: Iterable[Owed], applications: Sequence[Application]
) -> Mapping[Dated, Decimal]:
    of_charge: dict[UUID, list[Owed]] = {}
    for item in owed:
        of_charge.setdefault(item.charge_id, []).append(item)
    paid: dict[UUID, list[tuple[date, Decimal]]] = {}
    for part in sorted(applications, key=lambda part: part.payment_order):
        paid.setdefault(part.item_id, []).append((part.received_on, part.amount))
    target: dict[Dated, Decimal] = {}
    for closing in closed:
        items = sorted(of_charge.get(closing.charge_id, ()), key=_turn)
        parts = [
            ClosedItem(each.item_id, each.amount, paid.get(each.item_id, ())) for each in items
        ]
        target |= given_up(closing.on, closing.amount, parts)
    return target


def _turn(item: Owed) -> tuple[bool, int]:
    return item.is_late_fee, item.number
