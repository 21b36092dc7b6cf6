"""Documents of customers and what was waived; only ever added to (R-26)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.proof.declarations import Declaration
from services.registry.domain.proof.documents import Document
from services.registry.storage import tables
from services.registry.storage.archive import audit, vault
from shared.errors import NotFound
from shared.work import Work

_SHOWN_SIGNS = 4
_NUMBER = "/number"


class UnknownDocument(NotFound):
    """No such document, or none that the caller may know of."""

    code = "unknown-document"
    rule = "R-26"
    title_zh = "材料不存在"
    title_en = "Unknown document"


async def add(work: Work, document: Document) -> None:
    """Keep a document; its number is sealed, since it may be a person's (R-74)."""
    number = document.number
    secret = None
    if number is not None:
        secret = await vault.seal(work, document.customer_key, {_NUMBER: number})
    await work.run(
        insert(tables.documents).values(
            document_id=document.document_id,
            customer_key=document.customer_key,
            kind=document.kind,
            number_secret=secret,
            number_ends=number and number[-min(_SHOWN_SIGNS, len(number) // 2) :],
            issued_on=document.issued_on,
            valid_until_on=document.valid_until_on,
            inspected_on=document.inspected_on,
            digest=document.digest,
            kept_at=document.kept_at,
            registered_by=document.registered_by,
            registered_on=document.registered_on,
            recorded_at=work.now,
        )
    )


async def of_customer(work: Work, customer_key: UUID) -> Sequence[Document]:
    """The documents of a customer without their numbers, the oldest registration first."""
    rows = await work.rows(
        "SELECT document_id, customer_key, kind, kept_at, registered_by, registered_on, issued_on,"
        " valid_until_on, inspected_on, digest FROM documents WHERE customer_key = :key"
        " ORDER BY recorded_at, document_id",
        key=customer_key,
    )
    return [Document(**row) for row in rows]


async def read_number(
    work: Work, customer_key: UUID, document_id: UUID, purpose: str
) -> str | None:
    """The whole number of a document; that the caller read it, and why, is logged (R-73, X-08).

    Raises UnknownDocument, SealedForUs. None for a document without a number, or an erased one.
    """
    row = await work.row(
        "SELECT kind, number_secret FROM documents WHERE document_id = :id AND customer_key = :key",
        id=document_id,
        key=customer_key,
    )
    if row is None:
        raise UnknownDocument(f"没有材料 {document_id}", f"there is no document {document_id}")
    what = {"customer_key": customer_key, "section": "documents", "item": row["kind"]}
    await audit.add(work, [audit.entry(work, AuditAction.READ, purpose=purpose, **what)])
    return await vault.value(work, row["number_secret"], _NUMBER)


async def waived(work: Work, declaration_id: UUID) -> Sequence[str]:
    """The kinds of documents that a declaration does not need, sorted."""
    rows = await work.rows(
        "SELECT kind FROM document_waivers WHERE declaration_id = :id ORDER BY kind",
        id=declaration_id,
    )
    return [row["kind"] for row in rows]


async def waive(
    work: Work,
    declaration: Declaration,
    kind: str,
    by: str,
    on: date,
    reason: str,
    policy_version: int,
) -> None:
    """Keep that the declaration does not need the document, which nobody waived before."""
    await work.run(
        insert(tables.document_waivers).values(
            declaration_id=declaration.declaration_id,
            kind=kind,
            customer_key=declaration.customer_key,
            waived_by=by,
            waived_on=on,
            reason=reason,
            policy_version=policy_version,
            recorded_at=work.now,
        )
    )
