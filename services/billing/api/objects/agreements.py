"""Purchase agreements of objects: sign, and read (B-03, B-08)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.billing.api.models import SELLING, Command, OnDay, Positive, one
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.objects import sign_agreement
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.storage.objects import reports
from services.billing.storage.objects.agreements import UnknownAgreement
from shared.contracts.enterprise import TariffClass
from shared.contracts.values import Amount, Code, Day, Exact, Label, Ref
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/agreements", tags=["agreements"])
_ORDER = Keyset("signed_on date", "agreement_id uuid", descending=True)


class InstalmentIn(Command):
    """A part of the price, due on the last day in time."""

    number: Annotated[int, Field(ge=1, le=1000)]
    amount: Positive
    due_on: Day


class AgreementIn(Command):
    """A signed agreement; the instalments sum to the price."""

    number: Ref
    object_code: Code
    customer_key: UUID
    price: Positive
    signed_on: OnDay = None
    signed_at_unit: Code
    business_line: Label
    tariff_class: TariffClass = TariffClass.OTHER
    tax_rate: Annotated[Exact, Field(ge=0, le=1)] | None = None
    instalments: Annotated[list[InstalmentIn], Field(min_length=1, max_length=100)]


class AgreementOut(BaseModel):
    """An agreement, with the receivable that its instalments are."""

    agreement_id: UUID
    number: str
    object_code: str
    customer_key: UUID
    receivable_id: UUID
    price: Amount
    signed_on: date
    signed_at_unit: str
    staff_code: str
    version: int


@router.post("", status_code=201, roles=SELLING)
async def sign(body: AgreementIn, work: Commanding) -> AgreementOut:
    """签订定购合同 / sign the purchase; its instalments are owed from now on."""
    said = dict(body)
    said["instalments"] = tuple(Instalment(**dict(part)) for part in body.instalments)
    said["tariff_class"] = body.tariff_class.value
    agreement = await sign_agreement.handle(work, SignAgreement(**said))
    return AgreementOut(receivable_id=agreement.charge_id, **vars(agreement))


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    object_code: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[AgreementOut]:
    """合同清单 / agreements in sight, the latest first."""
    return await page.read(
        work,
        reports.AGREEMENTS,
        _ORDER,
        lambda row: AgreementOut(**row),
        agreement_id=None,
        customer_key=customer_key,
        object_code=object_code,
    )


@router.get("/{agreement_id}")
async def shown(agreement_id: UUID, work: Reading) -> AgreementOut:
    """一份合同 / one agreement."""
    row = await one(
        work,
        reports.AGREEMENTS,
        UnknownAgreement,
        agreement_id=agreement_id,
        customer_key=None,
        object_code=None,
    )
    return AgreementOut(**row)
