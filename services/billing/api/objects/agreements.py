"""Purchase agreements of objects: sign, register, cancel, read (B-03, B-08 to B-10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.billing.api.listings import Listing
from services.billing.api.models import SELLING, Command, ObjectCode, OnDay, Positive, Reason
from services.billing.api.objects.authorities import AuthorityIn, AuthorityOut
from services.billing.api.objects.warnings import Warnings, of_excess
from services.billing.domain.objects.agreements import State
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.objects import cancel_agreement, register_sale, sign_agreement
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.register_sale import RegisterSale
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.storage.objects import reports
from services.billing.storage.objects.agreements import UnknownAgreement
from shared.contracts.enterprise import TariffClass
from shared.contracts.values import Amount, Code, Day, Exact, Label, Ref
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/agreements", tags=["agreements"])
CANCELLING: frozenset[Role] = frozenset({"director", "deputy_director", "sales_director"})
"""Who may cancel an agreement; which of them is policy (B-09)."""


class InstalmentIn(Command):
    """A part of the price, due on the last day in time."""

    number: Annotated[int, Field(ge=1, le=1000)]
    amount: Positive
    due_on: Day


class AgreementIn(Command):
    """A signed agreement; the instalments, numbered from 1 and due in order, sum to the price.

    Where an agent signed for the customer, `signed_by_agent` with the notarised `authority` (B-10).
    """

    number: Ref
    object_code: ObjectCode
    customer_key: UUID
    price: Positive
    signed_on: OnDay = None
    signed_at_unit: Code
    business_line: Label
    tariff_class: TariffClass = TariffClass.OTHER
    tax_rate: Annotated[Exact, Field(ge=0, le=1)] | None = None
    instalments: Annotated[list[InstalmentIn], Field(min_length=1, max_length=100)]
    signed_by_agent: bool = False
    authority: AuthorityIn | None = None


class RegisterIn(Command):
    """The authority's number of the registration."""

    number: Label
    on: OnDay = None


class CancelIn(Command):
    """Why the agreement is undone."""

    reason: Reason
    on: OnDay = None


class AgreementOut(BaseModel):
    """An agreement, with the receivable that its instalments are.

    Only a registered sale is final, and only then is it revenue (`is_recognised`, B-09). Of its
    deposit, `deposit_excess_amount` has no effect of one under the price of the contract (B-12).
    """

    agreement_id: UUID
    number: str
    object_code: str
    customer_key: UUID
    receivable_id: UUID
    price: Amount
    signed_on: date
    signed_at_unit: str
    staff_code: str
    state: State
    preliminary_id: UUID | None
    authority: AuthorityOut | None
    registration_number: str | None
    registered_on: date | None
    cancelled_on: date | None
    settled_by: str | None
    is_recognised: bool
    deposit_excess_amount: Amount | None
    version: int
    warnings: Warnings = Field(
        default_factory=lambda said: of_excess(said["deposit_excess_amount"])
    )

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


_AGREEMENTS = Listing(
    reports.AGREEMENTS,
    Keyset("signed_on date", "agreement_id uuid", descending=True),
    AgreementOut,
    UnknownAgreement,
    ("agreement_id", "customer_key", "object_code", "state"),
)


class AgreementChangeOut(BaseModel):
    """What became of an agreement, and who did it."""

    version: int
    state: State
    on: date
    staff_code: str
    reason: str | None
    recorded_at: datetime


@router.post("", status_code=201, roles=SELLING)
async def sign(body: AgreementIn, work: Commanding) -> AgreementOut:
    """签订定购合同 / sign the purchase; its instalments are owed from now on."""
    said = dict(body)
    said["instalments"] = tuple(Instalment(**dict(part)) for part in body.instalments)
    said["tariff_class"] = body.tariff_class.value
    said["is_agent"] = said.pop("signed_by_agent")
    said["authority"] = body.authority.authority() if body.authority else None
    agreement = await sign_agreement.handle(work, SignAgreement(**said))
    return await _AGREEMENTS.one(work, agreement_id=agreement.agreement_id)


@router.post("/{agreement_id}/register", roles=SELLING)
async def register(
    agreement_id: UUID, body: RegisterIn, work: Commanding, expected_version: IfMatch
) -> AgreementOut:
    """登记备案，买卖成交 / register: the sale is final, and its revenue is posted."""
    command = RegisterSale(agreement_id, expected_version, body.number, body.on)
    await register_sale.handle(work, command)
    return await _AGREEMENTS.one(work, agreement_id=agreement_id)


@router.post("/{agreement_id}/cancel", roles=CANCELLING)
async def cancel(
    agreement_id: UUID, body: CancelIn, work: Commanding, expected_version: IfMatch
) -> AgreementOut:
    """登记前撤销合同 / cancel before the registration: nothing is owed any more.

    What was paid is unapplied cash; a deposit is held again until somebody decides on it.
    """
    command = CancelAgreement(agreement_id, expected_version, body.reason, body.on)
    await cancel_agreement.handle(work, command)
    return await _AGREEMENTS.one(work, agreement_id=agreement_id)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    object_code: Annotated[ObjectCode | None, Query()] = None,
    state: State | None = None,
) -> Page[AgreementOut]:
    """合同清单 / agreements in sight, the latest first."""
    return await _AGREEMENTS.page(
        work, page, customer_key=customer_key, object_code=object_code, state=state
    )


@router.get("/{agreement_id}")
async def shown(agreement_id: UUID, work: Reading) -> AgreementOut:
    """一份合同 / one agreement."""
    return await _AGREEMENTS.one(work, agreement_id=agreement_id)


@router.get("/{agreement_id}/changes")
async def changes(agreement_id: UUID, work: Reading) -> list[AgreementChangeOut]:
    """合同的经过 / what became of an agreement, and who did it."""
    rows = await work.rows(reports.AGREEMENT_CHANGES, agreement_id=agreement_id)
    return [AgreementChangeOut(**row) for row in rows]
