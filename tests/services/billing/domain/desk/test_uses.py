"""B-16: one bill over several uses, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.desk.uses import Use, divided
from services.billing.domain.receivables.charges import Charge, Instalment, objection

DAY = date(2026, 1, 1)


def bill(gross: Decimal, tax: Decimal, parts: int) -> Charge:
    cents = [gross / parts] * parts
    amounts = [amount.quantize(Decimal("0.01")) for amount in cents]
    amounts[-1] += gross - sum(amounts)
    instalments = tuple(Instalment(n, amount, DAY) for n, amount in enumerate(amounts, 1))
    return Charge(
        *(UUID(int=1), "billing", "B-1", UUID(int=2), "power", gross, tax, DAY, "other"),
        instalments,
    )


def id_of(ref: str) -> UUID:
    return uuid5(UUID(int=9), ref)


@given(
    st.integers(10_000, 10_000_000),
    st.lists(st.integers(1, 30), min_size=1, max_size=4),
    st.integers(0, 99),
    st.integers(1, 4),
)
def test_b16_the_uses_sum_to_the_bill_and_so_do_their_taxes_and_instalments(
    cents: int, ratios: list[int], share: int, parts: int
) -> None:
    gross = Decimal(cents) / 100
    fixed = (gross * share / 100).quantize(Decimal("0.01"))
    uses = [Use("other", ratio=Decimal(ratio)) for ratio in ratios]
    if fixed:
        uses.insert(0, Use("household", amount=fixed))
    tax = (gross * 6 / 106).quantize(Decimal("0.01"))
    charges = divided(bill(gross, tax, parts), uses, id_of)
    assert sum(each.gross for each in charges) == gross
    assert sum(each.tax for each in charges) == tax
    assert [each.ref for each in charges] == [f"B-1/{n}" for n in range(1, len(uses) + 1)]
    for each in charges:
        assert sum(part.amount for part in each.instalments) == each.gross
        assert objection(each) is None


def test_b16_without_uses_the_bill_stays_as_it_is() -> None:
    whole = bill(Decimal(100), Decimal(0), 2)
    assert divided(whole, (), id_of) == [whole]
