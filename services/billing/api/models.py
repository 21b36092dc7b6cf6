"""What requests and answers have in common."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.billing.domain.objects.deposits import canonical
from shared.contracts.values import Amount, Code, Day
from shared.errors import NotFound
from shared.http import Role
from shared.work import Work

FINANCE: frozenset[Role] = frozenset({"finance"})
"""Only finance staff handle money (B-04); which of them is policy."""
SELLING: frozenset[Role] = frozenset(
    {"account_manager", "director", "deputy_director", "sales_director", "finance"}
)
BOOKKEEPING: frozenset[Role] = frozenset(
    {"finance", "auditor", "director", "deputy_director", "sales_director"}
)
"""Who reads the general ledger."""

ObjectCode = Annotated[Code, AfterValidator(canonical)]
"""What is reserved or sold; one object has one code, however it is typed (B-11)."""
Positive = Annotated[Amount, Field(gt=0)]
"""Yuan above zero, as a string with at most two decimals."""
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
OnDay = Annotated[
    Day | None, Field(description="业务日期，默认今天 / business date, today if left out")
]
Dates = Annotated[
    Literal["booked", "occurred"],
    Query(
        description="按入账日（已结账月份不变）或业务发生日"
        " / by the day in the books, under which a closed month never changes, or as it occurred"
    ),
]


class Command(BaseModel):
    """The body of a command: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts in yuan, zero of none."""
    return sum(amounts, Decimal("0.00"))


async def one(
    work: Work, statement: str, unknown: type[NotFound], **parameters: Any
) -> dict[str, Any]:
    """The row of a listing that names one thing; raises `unknown` where the caller sees none."""
    row = await work.row(statement, **parameters)
    if row is None:
        raise unknown(
            "没有这一项，或您无权知悉", "there is no such thing, or none that you may know of"
        )
    return dict(row)
