"""Which payment pays what: a function of all facts of a customer, whatever order they came in.

First every payment goes to the charges that its remittance names, payments in their order; the
payer's word comes first. Then to what somebody pinned it to. Then what is left of each payment,
again in their order, goes to the open items that are due first. Nothing goes where a payment is
barred, and no cash to what had been written off before it came. A payment is ordered by day, sender
and number; an item by due date, sender, number and instalment; by their ids where all of that is
the same. When an instalment is paid in full its late fee becomes an item of its own, due that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import heappop, heappush
from uuid import UUID

from .decisions import Bar, Pin, Target

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Item:
    """An instalment, or the final late fee of one (`fee_of`), that can be paid; in yuan.

    `closed_on` is the day on which it was written off: later cash does not go there by itself.
    """

    item_id: UUID
    charge_id: UUID
    order: str
    amount: Decimal
    fee_of: UUID | None = None
    number: int = 1
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of a customer, in yuan; `names` are the charges that its remittance names, in turn.

    `pins` are in turn too; `bars` say where it does not go.
    """

    payment_id: UUID
    order: str
    received_on: date
    amount: Decimal
    names: tuple[UUID, ...] = ()
    pins: tuple[Pin, ...] = ()
    bars: tuple[Bar, ...] = ()

    def may_pay(self, item: Item) -> bool:
        """Whether nobody barred it from `item`."""
        return not any(
            bar.target is None or bar.target.holds(item.charge_id, item.number) for bar in self.bars
        )


@dataclass(frozen=True, slots=True)
class Application:
    """`amount` yuan of a payment that pays an item: named by it, pinned to it, or as cash.

    `is_named` holds for the first two: cash is what goes to whatever is due first.
    """

    payment_id: UUID
    item_id: UUID
    amount: Decimal
    received_on: date
    payment_order: str
    is_named: bool
    is_pinned: bool = False


FinalFee = Callable[[Item, Sequence[Application]], Item | None]
"""The late fee of an instalment that these applications have paid in full; None: it was in time."""


_Queue = list[tuple[bool, str, UUID, Item]]
"""A heap of items: whether a late fee of its charge, order, id, item."""


def order_of(on: date, *parts: str | int) -> str:
    """A sort key of a day, then codes and numbers, compared from left to right."""
    texts = (f"{part:08d}" if isinstance(part, int) else part for part in parts)
    return "\x1f".join((on.isoformat(), *texts))


class Settling:
    """A customer's items and payments while they are being set against each other.

    Given everything, and nothing `applied`, the outcome is the whole truth. Given only what is
    still open, with what was applied to it before, it carries on where an earlier run ended; see
    `continuation` for when that comes to the same. `new` is what this run applies, `fees` are the
    items that it adds.
    """

    def __init__(
        self,
        items: Iterable[Item],
        payments: Iterable[Payment],
        final_fee: FinalFee,
        applied: Iterable[Application] = (),
    ) -> None:
        self.new: list[Application] = []
        self.fees: list[Item] = []
        self._final_fee = final_fee
        self._payments = sorted(payments, key=lambda each: (each.order, each.payment_id))
        self._left = {payment.payment_id: payment.amount for payment in self._payments}
        self._open: dict[UUID, Decimal] = {}
        self._history: dict[UUID, list[Application]] = {}
        self._due: _Queue = []
        self._of_charge: dict[UUID, _Queue] = {}
        for item in items:
            self._add(item)
        for application in applied:
            self._book(application)

    def settle(self) -> None:
        """Apply all there is: what remittances name, what is pinned, then cash."""
        self.apply_named()
        self.apply_pinned()
        self.apply_cash()

    def apply_named(self) -> None:
        """Each payment, in its order, pays the charges that it names, in the order it names them.

        Of a charge its instalments are paid before their late fees.
        """
        for payment in self._payments:
            for charge_id in payment.names:
                while self._left[payment.payment_id] > 0:
                    item = self._first_of(Target(charge_id), payment)
                    if item is None:
                        break
                    self._apply(payment, item, self._left[payment.payment_id], is_named=True)

    def apply_pinned(self) -> None:
        """Each payment, in its order, pays what it is pinned to, as far as the pin goes."""
        for payment in self._payments:
            for pin in payment.pins:
                rest = self._left[payment.payment_id]
                rest = rest if pin.amount is None else min(pin.amount, rest)
                while rest > 0:
                    item = self._first_of(pin.target, payment)
                    if item is None:
                        break
                    rest -= self._apply(payment, item, rest, is_named=True, is_pinned=True)

    def apply_cash(self) -> None:
        """What is left of each payment, in its order, pays what is due first."""
        for payment in self._payments:
            passed_over: _Queue = []
            while self._left[payment.payment_id] > 0:
                item = self._due_first(payment, passed_over)
                if item is None:
                    break
                self._apply(payment, item, self._left[payment.payment_id], is_named=False)
            for entry in passed_over:
                heappush(self._due, entry)

    def _add(self, item: Item) -> None:
        self._open[item.item_id] = item.amount
        heappush(self._due, (False, item.order, item.item_id, item))
        heappush(
            self._of_charge.setdefault(item.charge_id, []),
            (item.fee_of is not None, item.order, item.item_id, item),
        )

    def _skip_paid(self, queue: _Queue) -> bool:
        """Drop paid items from the front of `queue`; False when nothing open is left."""
        while queue and self._open[queue[0][-1].item_id] <= 0:
            heappop(queue)
        return bool(queue)

    def _first_of(self, target: Target, payment: Payment) -> Item | None:
        """The first open item of `target` that the payment may pay."""
        queue = self._of_charge.get(target.charge_id, [])
        if not self._skip_paid(queue):
            return None
        if target.number is None and not payment.bars:
            return queue[0][-1]
        entries = (entry for entry in queue if self._open[entry[-1].item_id] > 0)
        wanted = (
            entry
            for entry in entries
            if target.holds(target.charge_id, entry[-1].number) and payment.may_pay(entry[-1])
        )
        first = min(wanted, default=None)
        return None if first is None else first[-1]

    def _due_first(self, payment: Payment, passed_over: _Queue) -> Item | None:
        """The open item that is due first and takes this payment as cash.

        What it is barred from is `passed_over`, for others to pay. What was written off before is
        dropped: those who come after it come later still.
        """
        while self._skip_paid(self._due):
            item = self._due[0][-1]
            if item.closed_on is not None and item.closed_on < payment.received_on:
                heappop(self._due)
            elif not payment.may_pay(item):
                passed_over.append(heappop(self._due))
            else:
                return item
        return None

    def _apply(
        self,
        payment: Payment,
        item: Item,
        at_most: Decimal,
        *,
        is_named: bool,
        is_pinned: bool = False,
    ) -> Decimal:
        application = Application(
            payment.payment_id,
            item.item_id,
            min(at_most, self._open[item.item_id]),
            payment.received_on,
            payment.order,
            is_named,
            is_pinned,
        )
        self.new.append(application)
        self._book(application)
        if self._open[item.item_id] == 0 and item.fee_of is None:
            fee = self._final_fee(item, self._history[item.item_id])
            if fee is not None:
                self.fees.append(fee)
                self._add(fee)
        return application.amount

    def _book(self, application: Application) -> None:
        self._history.setdefault(application.item_id, []).append(application)
        if application.item_id in self._open:
            self._open[application.item_id] -= application.amount
        if application.payment_id in self._left:
            self._left[application.payment_id] -= application.amount
