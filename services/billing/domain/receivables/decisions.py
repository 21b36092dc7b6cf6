"""What people decided on a customer's account: pins, bars and write-offs (B-17, B-19).

They are facts of our own and inputs of the settlement: whatever comes later respects them, so that
the same facts and decisions end the same in any order. What a decision names and nobody has raised
or received (yet) is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Target:
    """A charge, or one instalment of it with its late fee."""

    charge_id: UUID
    number: int | None = None

    def holds(self, charge_id: UUID, number: int) -> bool:
        """Whether the instalment `number` of a charge, or its late fee, is meant."""
        return charge_id == self.charge_id and self.number in (None, number)


@dataclass(frozen=True, slots=True)
class Pin:
    """A payment pays `target` before anything else, up to `amount` yuan if that is given."""

    pin_id: UUID
    payment_id: UUID
    target: Target
    set_on: date
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A payment does not pay `target`; without one it pays nothing at all."""

    payment_id: UUID
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The receivable of a charge was given up on the day `on`, up to `amount` yuan."""

    write_off_id: UUID
    charge_id: UUID
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions on an account that hold; of a charge at most one write-off."""

    pins: tuple[Pin, ...] = ()
    bars: tuple[Bar, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()

    def concern(self, charge_ids: Iterable[UUID], payments: Iterable[tuple[UUID, date]]) -> bool:
        """Whether any of these new charges, or payments as (id, day), is one of those decided on.

        A payment from before a write-off is: as cash it may have paid what was written off.
        """
        charges, received = set(charge_ids), dict(payments)
        directed = {each.payment_id for each in self.pins}
        directed |= {each.payment_id for each in self.bars}
        named = {each.target.charge_id for each in self.pins}
        named |= {each.target.charge_id for each in self.bars if each.target is not None}
        named |= {each.charge_id for each in self.write_offs}
        closed_until = max((each.on for each in self.write_offs), default=date.min)
        return bool(
            charges & named
            or received.keys() & directed
            or any(on <= closed_until for on in received.values())
        )


NO_DECISIONS = Decisions()
