"""Facts of one account, as small as they can be, and what the domain makes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.billing.domain.receivables.decisions import Bar, Pin, Target, WriteOff
from services.billing.domain.receivables.receivables import Received
from shared.money import to_cents

NEW_YEAR = date(2026, 1, 1)


def day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


@dataclass(frozen=True)
class ChargeFact:
    """A charge; another of that `number` may come from a second system, with an id of its own."""

    number: int
    issued: int
    due: tuple[int, ...]
    amounts: tuple[int, ...]
    system: str = "erp"

    @property
    def charge_id(self) -> UUID:
        return UUID(int=self.number if self.system == "erp" else self.number + 50)


@dataclass(frozen=True)
class PaymentFact:
    """A payment whose remittance means charges of `meant`, or of whichever system."""

    number: int
    on: int
    amount: int
    names: tuple[int, ...]
    meant: str | None = None


@dataclass(frozen=True)
class CancellationFact:
    """So many hundredths of a charge are taken back; several of one charge have numbers."""

    charge: int
    hundredths: int = 100
    ref: int = 0


@dataclass(frozen=True)
class ReturnFact:
    """So many hundredths of a payment go back; several of one payment have numbers."""

    payment: int
    hundredths: int = 100
    ref: int = 0


@dataclass(frozen=True)
class PinFact:
    payment: int
    charge: int
    part: int | None
    amount: int | None


@dataclass(frozen=True)
class BarFact:
    payment: int
    charge: int | None
    part: int | None


@dataclass(frozen=True)
class WriteOffFact:
    charge: int
    on: int
    amount: int


Decision = PinFact | BarFact | WriteOffFact
Fact = ChargeFact | PaymentFact | CancellationFact | ReturnFact | Decision


def _target(charge: int, part: int | None) -> Target:
    return Target(UUID(int=charge), part)


def pin_of(fact: PinFact) -> Pin:
    pin_id = UUID(int=fact.payment * 1000 + fact.charge * 10 + (fact.part or 0))
    amount = None if fact.amount is None else Decimal(fact.amount)
    return Pin(pin_id, UUID(int=fact.payment), _target(fact.charge, fact.part), NEW_YEAR, amount)


def bar_of(fact: BarFact) -> Bar:
    target = None if fact.charge is None else _target(fact.charge, fact.part)
    return Bar(UUID(int=fact.payment), target)


def write_off_of(fact: WriteOffFact) -> WriteOff:
    return WriteOff(
        UUID(int=fact.charge), UUID(int=fact.charge), day(fact.on), Decimal(fact.amount)
    )


def received_of(fact: PaymentFact) -> Received:
    return Received(
        *(
            UUID(int=fact.number),
            "erp",
            f"P-{fact.number}",
            day(fact.on),
            to_cents(Decimal(fact.amount)),
        ),
        remittance=tuple(f"C-{number}" for number in fact.names),
        remittance_system=fact.meant,
    )
