"""Stories of two customers, as Hypothesis tells them: charges, payments, returns, cancellations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from shared.contracts.enterprise import TariffClass
from shared.contracts.envelope import Event
from tests.services.billing.books import cancelled, charge, opening, payment
from tests.support.cast import ELECTRONICS, INSURER

FIRST = date(2025, 11, 20)
CUSTOMERS = (ELECTRONICS, INSURER)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


days = st.integers(0, 60)
cents = st.integers(1, 999_999).map(lambda amount: str(Decimal(amount) / 100))
customers = st.sampled_from(CUSTOMERS)
numbers = st.integers(1, 5)


@st.composite
def events(draw: st.DrawFn) -> Event:
    customer, number, amount = draw(customers), draw(numbers), draw(cents)
    name = f"{customer.code}-{number}"
    kind = draw(st.sampled_from(("charge", "charge", "open", "pay", "pay", "cancel", "return")))
    if kind == "open":
        opened = draw(days)
        due = day(opened - draw(st.integers(0, 400)))
        return opening(customer, f"C-{name}", amount, due=due, on=day(opened))
    if kind == "charge":
        issued = draw(days)
        dues = draw(st.lists(st.integers(0, 40), min_size=1, max_size=3, unique=True))
        parts = {day(issued + due): amount for due in sorted(dues)}
        return charge(
            customer,
            f"C-{name}",
            str(Decimal(amount) * len(parts)),
            issued=day(issued),
            due=max(parts),
            tariff=draw(st.sampled_from(TariffClass)),
            parts=parts if len(parts) > 1 else None,
        )
    if kind == "pay":
        names = draw(st.lists(st.sampled_from((f"C-{name}",)), max_size=1))
        return payment(customer, f"P-{name}", amount, *names, on=day(draw(days)))
    if kind == "cancel":
        return cancelled(f"X-{name}", f"C-{name}", draw(st.none() | cents))
    return payment(customer, f"B-{name}", f"-{amount}", reverses=f"P-{name}", on=day(draw(days)))


def reference(event: Event) -> tuple[str, str]:
    return type(event).__name__, str(getattr(event, "ref", ""))
