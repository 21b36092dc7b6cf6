"""Charges that a person issues (B-14, B-16, B-19, B-25)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.billing.api.models import Command, OnDay, Positive
from services.billing.api.receivables.receivables import ReceivableOut
from services.billing.domain.desk.uses import Use
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.desk import issue_charge
from services.billing.handlers.desk.issue_charge import IssueCharge
from services.billing.storage.receivables import reports
from shared.contracts.enterprise import TariffClass
from shared.contracts.values import Amount, Day, Exact, Label, Month, Ref
from shared.http import Commanding, Role, Router

router = Router(prefix="/v1/receivables", tags=["receivables"])
ISSUING: frozenset[Role] = frozenset({"back_office", "finance"})


class PartIn(Command):
    """An instalment, due on the last day in time."""

    number: Annotated[int, Field(ge=1, le=1000)]
    amount: Positive
    due_on: Day


class UseIn(Command):
    """A use with a late-fee class of its own: a fixed amount, or a ratio of what is left."""

    tariff_class: TariffClass
    business_line: Label | None = None
    amount: Positive | None = None
    ratio: Annotated[Exact, Field(gt=0, le=1_000_000)] | None = None


class ChargeIn(Command):
    """What is billed, gross. `month` is the one that it settles, in one of several parts.

    `reservation_id` is the credit reservation that it makes use of.
    """

    ref: Ref
    customer_key: UUID
    business_line: Label
    tariff_class: TariffClass = TariffClass.OTHER
    amount: Positive
    tax_amount: Annotated[Amount, Field(ge=0)] | None = None
    tax_rate: Annotated[Exact, Field(ge=0, le=1)] | None = None
    issued_on: OnDay = None
    due_on: Day
    instalments: Annotated[tuple[PartIn, ...], Field(max_length=100)] = ()
    uses: Annotated[tuple[UseIn, ...], Field(max_length=20)] = ()
    kind: Literal["ordinary", "asset-damage"] = "ordinary"
    asset: Label | None = None
    month: Month | None = None
    reservation_id: UUID | None = None

    @model_validator(mode="after")
    def _names_what_was_damaged(self) -> ChargeIn:
        if (self.kind == "asset-damage") is not (self.asset is not None):
            raise ValueError(
                "asset 只用于资产损坏赔偿，且必填 / a damage names the asset, nothing else does"
            )
        return self


class Issued(BaseModel):
    """The receivables that a charge became, one for each use."""

    receivables: list[ReceivableOut]


@router.post("", status_code=201, roles=ISSUING)
async def issue(body: ChargeIn, work: Commanding) -> Issued:
    """开具账单（核算、发行） / issue a charge; its instalments are owed from now on."""
    said = dict(body)
    said["tariff_class"] = body.tariff_class.value
    said["instalments"] = tuple(Instalment(**dict(part)) for part in body.instalments)
    said["uses"] = tuple(
        Use(use.tariff_class.value, use.business_line, use.amount, use.ratio) for use in body.uses
    )
    ids = await issue_charge.handle(work, IssueCharge(**said))
    rows = await work.rows(reports.RECEIVABLES_BY_ID, receivable_ids=ids)
    return Issued(receivables=[ReceivableOut(**row) for row in rows])
