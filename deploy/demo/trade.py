"""What the customers of the world do: they post, are billed and pay. Made up from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from deploy.demo.hands import yuan
from deploy.demo.world import BUSINESS_LINES, Customer, World

PIECES_A_MONTH = 4
TAX_RATE = Decimal("0.06")
BILLED = 60
COMPANY_ACCOUNT = "4400-1001-88"
_CENT = Decimal("0.01")


@dataclass(slots=True)
class Trade:
    """A year of business, month by month; the same again from the same seed."""

    world: World
    random: Random

    def revenue(self, year: int, month: int) -> list[dict[str, Any]]:
        """Revenue facts of a month: a few pieces a customer, and some reversals."""
        return [fact for c in self.world.customers for fact in self._of_customer(c, year, month)]

    def bureau_revenue(self, year: int) -> list[dict[str, Any]]:
        """What the city bureaus report after the end of `year` (T-03)."""
        told_on = date(year + 1, 1, 10)
        return [
            {
                "ref": f"UR-{city}-{year}",
                "unit": city,
                "year": year,
                "amount": yuan(amount),
                "reported_on": told_on.isoformat(),
                "_on": told_on,
            }
            for city, amount in self.world.bureau_revenue.items()
        ]

    def charges(self, year: int, quarter: int) -> list[dict[str, Any]]:
        """A bill for the quarter to each of the larger customers, due twenty days later."""
        last_month = quarter * 3
        issued_on = last_of(year, last_month) - timedelta(days=31)
        due_on = issued_on + timedelta(days=20)
        return [
            self._charge(customer, f"CH-{customer.code}-{year}Q{quarter}", issued_on, due_on)
            for customer in self.world.customers[:BILLED]
        ]

    def payments(self, charges: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """How those bills are paid: most in time, some late or in parts, a few never."""
        facts = []
        for charge in charges:
            due_on = date.fromisoformat(charge["due_on"])
            amount = Decimal(charge["amount"]["amount"])
            for number, (share, days_after) in enumerate(self._manner(), start=1):
                received_on = due_on + timedelta(days=days_after)
                facts.append(
                    {
                        "ref": f"PAY-{charge['ref']}-{number}",
                        "company_account": COMPANY_ACCOUNT,
                        "payer": charge["customer"],
                        "amount": yuan((amount * share).quantize(_CENT)),
                        "received_on": received_on.isoformat(),
                        "remittance": [charge["ref"]],
                        "remittance_system": "erp",
                        "_on": received_on,
                    }
                )
        return facts

    def _manner(self) -> tuple[tuple[Decimal, int], ...]:
        whole, half, part = Decimal(1), Decimal("0.5"), Decimal("0.3")
        manners: tuple[tuple[tuple[Decimal, int], ...], ...] = (
            ((whole, -3),),
            ((whole, 0),),
            ((whole, 21),),
            ((half, -1), (half, 25)),
            ((part, 10),),
            (),
        )
        return self.random.choices(manners, (50, 24, 10, 8, 5, 3))[0]

    def _of_customer(self, customer: Customer, year: int, month: int) -> Iterator[dict[str, Any]]:
        spend = customer.spend * (customer.growth if year > 2024 else 1)
        season = Decimal(self.random.randrange(80, 120)) / 100
        monthly = spend / 12 * season
        pieces = PIECES_A_MONTH + (customer.spend >= 100_000)
        for piece in range(1, pieces + 1):
            day = date(year, month, self.random.randrange(1, 28))
            amount = (monthly / pieces).quantize(_CENT)
            ref = f"REV-{customer.code}-{year}{month:02}-{piece}"
            yield _revenue(customer, ref, self._line(customer), amount, day)
            if self.random.random() < 0.01:
                back = (amount * Decimal("0.4")).quantize(_CENT)
                reversal = _revenue(customer, f"{ref}-R", self._line(customer), -back, day)
                yield reversal | {"reverses": {"type": "revenue_recorded", "ref": ref}}

    def _line(self, customer: Customer) -> str:
        """A customer keeps to one line, so that a reversal names the line of its original."""
        return BUSINESS_LINES[int(customer.code[2:]) % len(BUSINESS_LINES)]

    def _charge(
        self, customer: Customer, ref: str, issued_on: date, due_on: date
    ) -> dict[str, Any]:
        net = (customer.spend / 4).quantize(_CENT)
        tax = (net * TAX_RATE).quantize(_CENT)
        return {
            "ref": ref,
            "customer": {"system": "erp", "code": customer.code},
            "business_line": self._line(customer),
            "amount": yuan(net + tax),
            "tax_amount": yuan(tax),
            "tax_rate": str(TAX_RATE),
            "issued_on": issued_on.isoformat(),
            "due_on": due_on.isoformat(),
            "tariff_class": "other",
            "_on": issued_on,
        }


def _revenue(customer: Customer, ref: str, line: str, amount: Decimal, day: date) -> dict[str, Any]:
    return {
        "ref": ref,
        "customer": {"system": "erp", "code": customer.code},
        "business_line": line,
        "amount": yuan(amount),
        "occurred_on": day.isoformat(),
        "occurred_at_unit": customer.owner,
        "_on": day,
    }


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)
