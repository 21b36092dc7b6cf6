"""When it is enough to look at what is still open, instead of all that ever happened.

Settling everything anew is always right, but a customer may have a hundred thousand instalments.
What comes in mostly lies behind everything before it, and then what was applied stays as it is.
`may_continue` says so only when the short way surely comes to the same as the long one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from .settlement import Application, Item, Payment, Settling


@dataclass(frozen=True, slots=True)
class Marks:
    """How far cash (what no remittance names) has come: the last payment and item it touched."""

    payment: str = ""
    item: str = ""

    def moved_by(self, applications: Iterable[Application], orders: dict[UUID, str]) -> Marks:
        """The marks after `applications`; `orders` gives the order of each item."""
        cash = [application for application in applications if not application.is_named]
        return Marks(
            max([self.payment, *(part.payment_order for part in cash)]),
            max([self.item, *(orders[part.item_id] for part in cash)]),
        )


def goes_past(reached: str, orders: Iterable[str], first: int | None) -> bool:
    """Whether cash that reached an item may have gone past one that nobody looked at.

    `orders` are the open items that were looked at: the `first` of all (None: all there are), and
    some that lie behind these, since they came with their charges.
    """
    if first is None or not reached:
        return False
    seen = sorted(orders)
    return len(seen) >= first and reached > ("", *seen)[first]


def may_continue(
    marks: Marks,
    new_items: Sequence[Item],
    new_payments: Sequence[Payment],
    items: Sequence[Item],
    applied: Sequence[Application],
) -> bool:
    """Whether carrying on from what is open gives what settling everything anew would give.

    `items` and `applied` hold what is open, and all of the charges that `new_payments` name. What
    is barred may stay as it is too: whatever becomes open later, such as the late fee of what a
    payment is barred from, it is barred from as well. What was written off is another matter.
    """
    if any(item.closed_on is not None for item in items):
        return False
    if any(item.order <= marks.item for item in new_items):
        return False
    claims = _claims(new_payments)
    is_safe = {
        charge_id: _named_is_safe(charge_id, naming, items, applied)
        for charge_id, naming in claims.items()
    }
    if not all(safe for safe, _ in is_safe.values()):
        return False
    return all(
        payment.order > marks.payment or (payment.names and is_safe[payment.names[0]][1])
        for payment in new_payments
    )


def fees_fit(marks: Marks, settling: Settling) -> bool:
    """Whether the late fees that naming left behind lie after all that cash has touched."""
    return all(fee.order > marks.item for fee in settling.fees)


def _claims(payments: Sequence[Payment]) -> dict[UUID, list[Payment]]:
    claims: dict[UUID, list[Payment]] = {}
    for payment in payments:
        for charge_id in payment.names:
            claims.setdefault(charge_id, []).append(payment)
    return claims


def _named_is_safe(
    charge_id: UUID,
    naming: Sequence[Payment],
    items: Sequence[Item],
    applied: Sequence[Application],
) -> tuple[bool, bool]:
    """Whether naming this charge moves nobody else, and whether it takes the payments whole."""
    of_charge = {item.item_id: item for item in items if item.charge_id == charge_id}
    before = [application for application in applied if application.item_id in of_charge]
    first = min(payment.order for payment in naming)
    comes_after = all(
        part.is_named and not part.is_pinned and part.payment_order < first for part in before
    )
    instalments = [item for item in of_charge.values() if item.fee_of is None]
    if len(instalments) != 1:
        return comes_after, False
    # One instalment that is still open: whoever paid the rest of it stays where he is. Its late
    # fee is another matter, since a payment named for it would have paid the instalment first.
    only = instalments[0]
    paid = sum((part.amount for part in before if part.item_id == only.item_id), Decimal(0))
    claimed = sum((payment.amount for payment in naming), Decimal(0))
    takes_all = claimed <= only.amount - paid
    return takes_all or comes_after, takes_all
