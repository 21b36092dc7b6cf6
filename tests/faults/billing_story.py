"""What billing is told while it is hurt: revenue, charges and payments, taken back now and then.

Registry tells of the customers, their owners and changed splits in between, so facts wait and
revenue is re-stated; for one customer base and increment are shared differently (R-44).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from shared.contracts.envelope import Event
from tests.faults.stories import Story
from tests.services.billing import books
from tests.support.cast import Customer
from tests.support.retelling import message_of

_NEW_YEAR = date(2026, 1, 1)
_DAYS = 70
_CUSTOMERS = 10


def of_billing(seed: int, number: int) -> Story:
    """A story with so many facts of other systems, the same for the same seed but for event ids."""
    return _Teller(seed).tell(number)


class _Teller:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._events: list[Event] = []
        self._customers = [
            Customer(f"K-{each}", f"故障测试客户{each}", "GZ", "440106")
            for each in range(_CUSTOMERS)
        ]
        self._revenue: dict[UUID, Decimal] = defaultdict(Decimal)
        self._billed = self._paid = Decimal(0)
        self._charges: list[tuple[Customer, str, Decimal]] = []

    def tell(self, number: int) -> Story:
        kinds = (self._earn, self._earn, self._earn, self._charge, self._pay)
        for each in range(number):
            self._random.choice(kinds)(self._random.choice(self._customers), str(each))
        self._scatter([customer.changed() for customer in self._customers])
        self._scatter([books.owned(customer) for customer in self._customers])
        self._scatter([_half(customer, 1) for customer in self._customers[::2]])
        self._scatter([_half(customer, 2) for customer in self._customers[::4]])
        self._scatter([_beyond_base(self._customers[1])])
        messages = [message_of(event) for event in self._events]
        return Story(messages, dict(self._revenue), self._billed, self._paid)

    def _earn(self, customer: Customer, name: str) -> None:
        amount = self._amount(900)
        self._events.append(books.revenue(customer, f"R-{name}", str(amount), on=self._day()))
        self._revenue[customer.key] += amount
        if self._random.random() < 0.1:
            back, original = -self._amount(amount), f"R-{name}"
            self._events.append(
                books.revenue(customer, f"RB-{name}", str(back), on=self._day(), reverses=original)
            )
            self._revenue[customer.key] += back

    def _charge(self, customer: Customer, name: str) -> None:
        amount, issued = self._amount(900), self._day()
        due = issued + timedelta(days=30)
        parts = {due: str(amount / 2), due + timedelta(days=30): str(amount / 2)}
        is_in_parts = amount * 100 % 2 == 0
        self._events.append(
            books.charge(
                *(customer, f"C-{name}", str(amount)),
                issued=issued,
                due=max(parts) if is_in_parts else due,
                rate="0.06",
                parts=parts if is_in_parts else None,
            )
        )
        self._billed += amount
        self._charges.append((customer, f"C-{name}", amount))
        if self._random.random() < 0.1:
            back = self._amount(amount)
            self._events.append(books.cancelled(f"CB-{name}", f"C-{name}", str(back)))
            self._billed -= back

    def _pay(self, customer: Customer, name: str) -> None:
        amount, names = self._amount(1200), []
        if self._charges and self._random.random() < 0.6:
            customer, named, amount = self._random.choice(self._charges)
            names = [named]
        self._events.append(
            books.payment(customer, f"P-{name}", str(amount), *names, on=self._day(), system="erp")
        )
        self._paid += amount
        if self._random.random() < 0.1:
            back, original = -self._amount(amount), f"P-{name}"
            self._events.append(
                books.payment(customer, f"PB-{name}", str(back), on=self._day(), reverses=original)
            )
            self._paid += back

    def _scatter(self, more: Sequence[Event]) -> None:
        for event in more:
            self._events.insert(self._random.randrange(len(self._events)), event)

    def _day(self) -> date:
        return _NEW_YEAR + timedelta(days=self._random.randrange(_DAYS))

    def _amount(self, most: Decimal | int) -> Decimal:
        return Decimal(self._random.randrange(1, int(most * 100) + 1)) / 100


def _half(customer: Customer, version: int) -> Event:
    shares = {"GZ": f"0.{version + 4}", "SZ": f"0.{6 - version}"}
    on = _NEW_YEAR + timedelta(days=20 * version)
    return books.split(customer, shares, version=version, on=on)


def _beyond_base(customer: Customer) -> Event:
    beyond = {"SZ": "0.7", "GZ-TH": "0.3"}
    return books.split(customer, {"GZ": "1"}, on=_NEW_YEAR, increment=beyond, base_amount="9000.00")
