"""What came in for customers, and what their accounts came to with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.billing.domain.receivables.charges import Charge
from services.billing.domain.receivables.customer_books import CustomerBooks, Reckoning
from services.billing.domain.receivables.receivables import Owed
from services.billing.storage.receivables.payments import NewPayment


@dataclass
class Changes:
    """What came in for one customer: new charges with their items, payments, amended figures.

    `amounts` are items that ask for another amount now, `returned` payments of which that much has
    gone back by now (yuan). `waived` are late fees with what is waived of them in all, and since
    when. `because` says why payments may be taken off receivables.
    """

    charges: list[tuple[Charge, datetime]] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    payments: list[NewPayment] = field(default_factory=list)
    amounts: dict[UUID, Decimal] = field(default_factory=dict)
    waived: dict[UUID, tuple[Decimal, date]] = field(default_factory=dict)
    returned: dict[UUID, Decimal] = field(default_factory=dict)
    because: str = "re-allocated"
    is_another: bool = False
    """Whether the customer is somebody else than before: merged, or itself again."""
    is_decided: bool = False
    """Whether somebody decided on the account, or took a decision back."""

    @property
    def looks_back(self) -> bool:
        """Whether what was applied already may have to move."""
        is_changed = self.amounts or self.returned or self.waived
        return bool(is_changed or self.is_another or self.is_decided)

    def with_those_of(self, other: Changes) -> Changes:
        """These and those of a customer that is the same one today (R-81)."""
        return Changes(
            charges=self.charges + other.charges,
            owed=self.owed + other.owed,
            payments=self.payments + other.payments,
            amounts=self.amounts | other.amounts,
            waived=self.waived | other.waived,
            returned=self.returned | other.returned,
            because=self.because,
            is_another=self.is_another or other.is_another,
            is_decided=self.is_decided or other.is_decided,
        )

    @property
    def names_all(self) -> bool:
        """Whether every payment names the charges that it is for."""
        return all(payment.received.remittance for payment in self.payments)


@dataclass(frozen=True)
class Settled:
    """A customer's books as they were looked at, with the changes, and what they came to."""

    books: CustomerBooks
    changes: Changes
    reckoning: Reckoning

    @property
    def owed(self) -> dict[UUID, Owed]:
        """Every item that was looked at or made, as it is now."""
        return {item.item_id: item for item in self.books.owed} | self.reckoning.owed

    @property
    def has_money_left(self) -> bool:
        """Whether something of any payment that was looked at is not applied."""
        applied = self.reckoning.applied_of
        return any(
            applied.get(each.payment_id, each.applied) != each.effective
            for each in self.books.received
        )
