"""B-30, X-05: what form 4 adds up."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.forms.revenue_table import (
    Figures,
    LineTitle,
    RevenueTable,
    Row,
    total,
    totals,
)

POLICY = RevenueTable(
    "大客户用邮收入统计表",
    "2005",
    (LineTitle("letters", "函件"), LineTitle("express", "速递")),
    ("填表人",),
)
money = st.decimals("-9999999.99", "9999999.99", places=2)
rows = st.lists(
    st.builds(
        Row,
        customer_key=st.integers(1, 3).map(lambda number: UUID(int=number)),
        business_line=st.sampled_from(("letters", "express", "汇兑")),
        month=st.sampled_from(("2026-01", "2026-02")),
        unit=st.sampled_from(("GZ", "SZ")),
        figures=st.builds(Figures, base=money, increment=money, before=money),
    )
)


@given(rows)
def test_b30_the_totals_by_line_unit_month_and_account_are_all_the_same_total(
    given_rows: list[Row],
) -> None:
    for sums in (
        totals(given_rows, lambda row: row.business_line),
        totals(given_rows, lambda row: row.unit),
        totals(given_rows, lambda row: row.month),
        totals(given_rows, lambda row: (row.customer_key, row.unit)),
    ):
        assert sum(sums.values(), Figures()) == total(given_rows)
        assert Figures() not in sums.values()


def test_b30_an_amount_is_base_and_increment_and_grows_from_the_year_before() -> None:
    figures = Figures(Decimal("80.00"), Decimal("50.00"), Decimal("100.00"))
    assert (figures.amount, figures.growth) == (Decimal("130.00"), Decimal("30.00"))
    assert Figures(Decimal(1)).growth is None


def test_x05_lines_that_the_site_names_stand_first_in_its_order() -> None:
    lines = ["汇兑", "express", "letters", "包裹"]
    assert [POLICY.name(line) for line in sorted(lines, key=POLICY.place)] == [
        *("函件", "速递", "包裹", "汇兑")
    ]
