"""Documents of customers, and which of them still block an approval (R-26)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.models import Purpose
from services.registry.api.archive.refused import note_refused
from services.registry.api.models import (
    DECIDING,
    RESPONSIBLE,
    OnDay,
    Reason,
    actor,
    in_sight,
    itself,
)
from services.registry.domain.proof.documents import Document, Lack, Shortcoming
from services.registry.handlers.proof import check_documents, register_document, waive_document
from services.registry.handlers.proof.waive_document import WaiveDocument
from services.registry.storage.proof import declarations, documents, reports
from services.registry.storage.register import customers
from shared.contracts.values import Label, Word
from shared.directory import scope
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.identifiers import new_id
from shared.work import Work

router = Router(tags=["documents"], note_refused=note_refused)
_ORDER = Keyset("recorded_at instant", "document_id uuid", descending=True)
Digest = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="复印件的 SHA-256 / SHA-256 of the copy")
]


class DocumentIn(OnDay):
    """A document as it lies before the one who registers it; `on` is the day of that."""

    kind: Word
    kept_at: Label = Field(description="原件存放处 / where the original lies")
    number: Label | None = None
    issued_on: date | None = None
    valid_until_on: date | None = None
    inspected_on: date | None = Field(default=None, description="最近年检 / last inspection")
    digest: Digest | None = None


class DocumentOut(BaseModel):
    """A document as registered; of its number only the last signs are shown."""

    document_id: UUID
    customer_key: UUID
    kind: str
    number_ends: str | None
    issued_on: date | None
    valid_until_on: date | None
    inspected_on: date | None
    digest: str | None
    kept_at: str
    registered_by: str
    registered_on: date
    recorded_at: datetime


class NumberOut(BaseModel):
    """The whole number of a document; None if it has none, or it was erased by law."""

    document_id: UUID
    number: str | None


class LackOut(BaseModel):
    """A document that blocks the approval; `day` is when it ended, or was inspected last."""

    document: str
    zh: str
    en: str
    shortcoming: Shortcoming
    day: date | None
    is_waivable: bool


class WaiverOut(BaseModel):
    """A document that is not asked for with this declaration."""

    document: str
    waived_by: str
    waived_on: date
    reason: str
    policy_version: int


class Checklist(BaseModel):
    """What an approval today would still lack, by which version of the policy."""

    declaration_id: UUID
    on: date
    policy_version: int
    lacking: list[LackOut]
    waived: list[WaiverOut]
    version: int


class WaiverIn(OnDay):
    """Which document is not asked for, and why."""

    document: Word
    reason: Reason


@router.post("/v1/customers/{customer_key}/documents", status_code=201, roles=RESPONSIBLE)
async def register(customer_key: UUID, body: DocumentIn, work: Commanding) -> DocumentOut:
    """登记材料 / register a document; it takes the place of an earlier one of its kind."""
    await itself(work, customer_key)
    document = Document(
        document_id=new_id(),
        customer_key=customer_key,
        registered_by=actor(work).staff_code,
        registered_on=body.on or work.today,
        **body.model_dump(exclude={"on"}),
    )
    await register_document.handle(work, document)
    row = await work.row(
        f"{reports.DOCUMENTS} AND d.document_id = :id", key=customer_key, id=document.document_id
    )
    assert row is not None, "it was just registered, by somebody who sees the customer"
    return _document(row)


@router.get("/v1/customers/{customer_key}/documents")
async def listing(customer_key: UUID, work: Reading, page: PageQuery) -> Page[DocumentOut]:
    """客户材料 / documents of a customer in sight, the newest first."""
    return await page.read(work, reports.DOCUMENTS, _ORDER, _document, key=customer_key)


@router.get(
    "/v1/customers/{customer_key}/documents/{document_id}/number",
    roles=RESPONSIBLE | DECIDING | {"auditor"},
    audited=True,
)
async def number(
    customer_key: UUID, document_id: UUID, purpose: Purpose, work: Commanding
) -> NumberOut:
    """材料号码 / the whole number of a document, for a purpose; who reads it is logged (R-73)."""
    await scope.require(work, customer_key, "archive")
    found = await documents.read_number(work, customer_key, document_id, purpose)
    return NumberOut(document_id=document_id, number=found)


@router.get("/v1/declarations/{declaration_id}/documents")
async def checklist(declaration_id: UUID, work: Reading) -> Checklist:
    """材料核对 / which documents an approval today would still lack."""
    return await _checklist(work, declaration_id)


@router.post("/v1/declarations/{declaration_id}/waive", roles=DECIDING)
async def waive(
    declaration_id: UUID, body: WaiverIn, expected_version: IfMatch, work: Commanding
) -> Checklist:
    """免交材料 / waive a document, if policy allows it to be waived."""
    await in_sight(work, await declarations.customer_of(work, declaration_id))
    command = WaiveDocument(declaration_id, actor(work), expected_version, **body.model_dump())
    await waive_document.handle(work, command)
    return await _checklist(work, declaration_id)


async def _checklist(work: Work, declaration_id: UUID) -> Checklist:
    declaration = await declarations.find(work, declaration_id)
    customer = await customers.glance(work, declaration.customer_key)
    check = await check_documents.handle(work, customer, declaration, work.today)
    waivers = await work.rows(reports.WAIVERS, id=declaration_id)
    return Checklist(
        declaration_id=declaration_id,
        on=work.today,
        policy_version=check.policy.version,
        lacking=[_lack(lack) for lack in check.lacks],
        waived=[WaiverOut(**row) for row in waivers],
        version=declaration.version,
    )


def _lack(lack: Lack) -> LackOut:
    return LackOut(
        document=lack.rule.document,
        zh=lack.rule.zh,
        en=lack.rule.en,
        shortcoming=lack.shortcoming,
        day=lack.day,
        is_waivable=lack.rule.is_waivable,
    )


def _document(row: RowMapping) -> DocumentOut:
    return DocumentOut(**row)
