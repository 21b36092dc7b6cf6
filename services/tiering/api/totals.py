"""Totals of revenue, and the units' revenue that shares are divided by."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.tiering.storage.inputs import revenue_reports
from shared.http import Page, PageQuery, Reading, Router

router = Router(tags=["totals"])

Month = Annotated[str, Query(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", description="2025-06")]


class Total(BaseModel):
    """Revenue of one customer, month, business line and unit; `amount` in the site's currency."""

    customer_key: UUID
    month: date
    business_line: str
    unit: str
    amount: str
    postings: int


class Summary(BaseModel):
    """Revenue summed by one thing."""

    key: str
    amount: str
    postings: int


class UnitRevenueOut(BaseModel):
    """One report of a unit's revenue of a year; the latest of a unit, year and line holds."""

    unit: str
    business_line: str | None
    year: int
    amount: str
    system: str
    ref: str
    reported_on: date
    holds: bool


@router.get("/v1/totals")
async def totals(
    work: Reading,
    page: PageQuery,
    from_month: Month | None = None,
    to_month: Month | None = None,
    customer_key: UUID | None = None,
    unit: str | None = None,
    business_line: str | None = None,
) -> Page[Total]:
    """按客户、月份、专业、单位的收入 / revenue by customer, month, business line and unit"""
    return await revenue_reports.totals(
        work,
        page,
        Total,
        from_month=from_month,
        to_month=to_month,
        customer_key=customer_key,
        unit=unit,
        business_line=business_line,
    )


@router.get("/v1/totals/summary")
async def summary(
    work: Reading,
    page: PageQuery,
    by: Literal["customer", "month", "unit", "business_line"],
    from_month: Month | None = None,
    to_month: Month | None = None,
) -> Page[Summary]:
    """收入汇总 / revenue summed by customer, month, unit or business line"""
    return await revenue_reports.summary(
        work, page, Summary, by=by, from_month=from_month, to_month=to_month
    )


@router.get("/v1/unit-revenue")
async def unit_revenue(
    work: Reading,
    page: PageQuery,
    unit: str | None = None,
    year: Annotated[int | None, Query(ge=1900, le=9999)] = None,
) -> Page[UnitRevenueOut]:
    """单位全年收入的各次上报 / every report of units' revenue, the denominators"""
    return await revenue_reports.unit_revenue(work, page, UnitRevenueOut, unit=unit, year=year)
