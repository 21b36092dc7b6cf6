"""A customer's account, reckoned: what pays what, which late fees follow, what the books lack.

What is posted is always the difference between what should be and what is there, so reckoning
again changes nothing, and facts that come late come out as if they had come in time.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from ..arrears.fee_decisions import Paid, decide_fee, fee_of, net
from ..arrears.late_fees import LateFee, PlanVersion
from ..arrears.write_offs import closings, decide_write_offs
from .comparing import compare
from .continuation import Marks, fees_fit, may_continue
from .customer_books import CustomerBooks, Reckoning
from .decisions import Bar, Pin
from .receivables import NOTHING, Owed, Received, charges_named, fee_id_of
from .settlement import Application, Item, Payment, Settling, order_of


def reckon(
    books: CustomerBooks,
    plans: Sequence[PlanVersion],
    *,
    new_items: Set[UUID] = frozenset(),
    new_payments: Set[UUID] = frozenset(),
) -> Reckoning | None:
    """Reckon a customer's account (B-15, B-34); None when the whole of it has to be looked at.

    `new_items` and `new_payments` are those in `books` that nothing has been applied to yet.
    """
    return _Reckoner(books, plans).run(new_items, new_payments)


class _Reckoner:
    def __init__(self, books: CustomerBooks, plans: Sequence[PlanVersion]) -> None:
        self._books = books
        self._plans = plans
        self._instalments = {each.item_id: each for each in books.owed if not each.is_late_fee}
        self._kept_fees = {each.fee_of: each for each in books.owed if each.fee_of is not None}
        self._received = {each.payment_id: each for each in books.received}
        self._final: dict[UUID, LateFee] = {}
        self._orders: dict[UUID, str] = {}
        self._shown: dict[UUID, Decimal] = {}
        self._closings = closings(books)
        for (payment_id, _), applied in books.applied.items():
            self._shown[payment_id] = self._shown.get(payment_id, NOTHING) + applied.amount

    def run(self, new_items: Set[UUID], new_payments: Set[UUID]) -> Reckoning | None:
        items, payments = self._items(), self._payments(new_payments)
        applied = () if self._books.is_whole else tuple(self._applications())
        settling = Settling(items, payments, self._final_fee, applied)
        if self._books.is_whole:
            settling.settle()
            marks = Marks()
        else:
            fresh_items = [item for item in items if item.item_id in new_items]
            fresh = [payment for payment in payments if payment.payment_id in new_payments]
            marks = self._books.marks
            if self._is_decided_on(fresh_items, fresh):
                return None
            if not may_continue(marks, fresh_items, fresh, items, applied):
                return None
            settling.apply_named()
            if not fees_fit(marks, settling):
                return None
            settling.apply_cash()
        return self._outcome(settling, marks)

    def _is_decided_on(self, items: Sequence[Item], payments: Sequence[Payment]) -> bool:
        return self._books.decisions.concern(
            (item.charge_id for item in items),
            ((payment.payment_id, payment.received_on) for payment in payments),
        )

    def _items(self) -> list[Item]:
        owed = [each for each in self._instalments.values() if each.amount > 0]
        if not self._books.is_whole:  # otherwise fees come out of the settling itself
            fees = self._kept_fees.values()
            owed += [each for each in fees if each.due_on is not None and each.amount > 0]
        return [self._item(each, self._order(each), each.fee_of) for each in owed]

    def _item(self, owed: Owed, order: str, fee_of: UUID | None) -> Item:
        closed_on = self._closed_on(owed)
        number = owed.number
        return Item(owed.item_id, owed.charge_id, order, owed.amount, fee_of, number, closed_on)

    def _closed_on(self, owed: Owed) -> date | None:
        closing = self._closings.get(owed.charge_id)
        return None if closing is None else closing.on

    def _payments(self, new_payments: Set[UUID]) -> list[Payment]:
        pins: dict[UUID, list[Pin]] = {}
        for pin in sorted(self._books.decisions.pins, key=lambda pin: (pin.set_on, pin.pin_id)):
            pins.setdefault(pin.payment_id, []).append(pin)
        bars: dict[UUID, list[Bar]] = {}
        for bar in self._books.decisions.bars:
            bars.setdefault(bar.payment_id, []).append(bar)
        return [
            Payment(
                each.payment_id,
                _payment_order(each),
                each.received_on,
                each.effective - self._applied_elsewhere(each),
                charges_named(each, self._books.owed)
                if self._books.is_whole or each.payment_id in new_payments
                else (),
                tuple(pins.get(each.payment_id, ())),
                tuple(bars.get(each.payment_id, ())),
            )
            for each in self._received.values()
        ]

    def _applied_elsewhere(self, received: Received) -> Decimal:
        """Yuan of a payment that pays what these books, being only the open part, do not show."""
        if self._books.is_whole:
            return NOTHING
        return received.applied - self._shown.get(received.payment_id, NOTHING)

    def _applications(self) -> list[Application]:
        return [
            Application(
                payment_id,
                item_id,
                applied.amount,
                self._received[payment_id].received_on,
                _payment_order(self._received[payment_id]),
                applied.is_named,
                applied.is_pinned,
            )
            for (payment_id, item_id), applied in self._books.applied.items()
        ]

    def _order(self, owed: Owed) -> str:
        assert owed.due_on is not None, "a fee that still grows cannot be paid"
        order = item_order(owed, owed.due_on, is_fee=owed.is_late_fee)
        self._orders[owed.item_id] = order
        return order

    def _final_fee(self, item: Item, applications: Sequence[Application]) -> Item | None:
        instalment = self._instalments[item.item_id]
        settled_on = max(part.received_on for part in applications)
        if item.closed_on is not None:
            settled_on = min(settled_on, item.closed_on)
        paid = [(part.received_on, part.amount) for part in applications]
        fee = fee_of(instalment, paid, settled_on, self._plans)
        self._final[item.item_id] = fee
        kept = self._kept_fees.get(item.item_id)
        amount = fee.amount if kept is None else net(fee.amount, kept.waived)
        if not amount:
            return None
        fee_id = fee_id_of(item.item_id)
        self._orders[fee_id] = item_order(instalment, settled_on, is_fee=True)
        as_item = replace(instalment, item_id=fee_id, amount=amount)
        return self._item(as_item, self._orders[fee_id], item.item_id)

    def _outcome(self, settling: Settling, marks: Marks) -> Reckoning:
        moved = Marks().moved_by(settling.new, self._orders)
        marks = marks.moved_by(settling.new, self._orders)
        outcome = Reckoning(self._books.customer_key, marks, moved.item)
        self._decide_fees(outcome, settling)
        compare(outcome, self._books, settling.new)
        if self._books.is_whole:
            decide_write_offs(outcome, self._books, settling.new)
        return outcome

    def _decide_fees(self, outcome: Reckoning, settling: Settling) -> None:
        """Compare the fee of each instalment that was touched with the one that is kept."""
        touched = {part.item_id for part in settling.new}
        paid: dict[UUID, list[tuple[date, Decimal]]] = {}
        applied = () if self._books.is_whole else self._applications()
        for part in (*applied, *settling.new):
            paid.setdefault(part.item_id, []).append((part.received_on, part.amount))
        for item_id, owed in self._instalments.items():
            if item_id not in touched and not self._books.is_whole:
                continue
            until = partial(self._fee_until, owed, paid.get(item_id, ()))
            fee, due_on = self._final.get(item_id), None
            closed_on = self._closed_on(owed)
            if fee is not None:
                due_on = fee.as_of
            elif closed_on is not None:  # no fee grows on what was given up
                fee, due_on = until(closed_on), closed_on
            elif owed.accrued_on is not None:
                fee = until(owed.accrued_on)
            kept, posted = self._kept_fees.get(item_id), self._books.posted.get(fee_id_of(item_id))
            decide_fee(outcome, owed, kept, fee, due_on, posted, until)

    def _fee_until(self, owed: Owed, paid: Paid, on: date) -> LateFee:
        return fee_of(owed, paid, on, self._plans)


def item_order(owed: Owed, due_on: date, *, is_fee: bool) -> str:
    """Where an instalment, or its late fee, comes in the order in which cash pays."""
    return order_of(due_on, owed.system, owed.ref, owed.number, int(is_fee))


def _payment_order(received: Received) -> str:
    return order_of(received.received_on, received.system, received.ref)
