"""Declarations: nobody develops a customer before it was declared and approved (R-20, R-21)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import RowMapping

from services.registry.api.identity import duplicates
from services.registry.api.models import (
    DECIDING,
    RESPONSIBLE,
    actor,
    in_sight,
)
from services.registry.api.proof.declaration_models import (
    Approval,
    ChainEntry,
    ChainOut,
    DeclarationEvidence,
    DeclarationIn,
    DeclarationOut,
    FaultOut,
    Refusal,
    Submitted,
)
from services.registry.domain.proof.declarations import DeclarationState
from services.registry.domain.proof.evidence_chain import head_from
from services.registry.handlers.identity import ask_existence
from services.registry.handlers.proof import (
    approve_declaration,
    refuse_declaration,
    submit_declaration,
)
from services.registry.handlers.proof.approve_declaration import ApproveDeclaration
from services.registry.handlers.proof.refuse_declaration import RefuseDeclaration
from services.registry.handlers.proof.submit_declaration import DeclaredCustomer, SubmitDeclaration
from services.registry.storage import reports
from services.registry.storage.identity.likeness import Described
from services.registry.storage.proof import chain, declarations, verification
from services.registry.storage.proof.declarations import UnknownDeclaration
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/declarations", tags=["declarations"])


NotedHead = Annotated[str | None, Query(pattern=r"^[0-9]{1,18}:[0-9a-f]{64}$")]


_SHOWN = 100
"""How many faults are listed; `verify` on the command line lists them all."""


_ORDER = Keyset("declared_on date", "declaration_id uuid", descending=True)


def _declaration(row: RowMapping) -> DeclarationOut:
    return DeclarationOut(**row)


@router.post(
    "",
    status_code=201,
    roles=RESPONSIBLE | {"branch_staff", "market_department", "specialty"},
)
async def submit(body: DeclarationIn, work: Commanding) -> Submitted:
    """申报大客户 / declare a customer; it gets its key, nobody develops it yet.

    Whom it resembles is said with the centre to ask; it blocks nothing (R-81).
    """
    said = body.customer
    described = said.model_dump(exclude={"codes"})
    codes = [(each.system, each.code) for each in said.codes]
    submitted = await submit_declaration.handle(
        work,
        SubmitDeclaration(
            by=actor(work),
            customer=DeclaredCustomer(**described, codes=codes),
            **body.model_dump(exclude={"customer"}),
        ),
    )
    answer = await ask_existence.warn(
        work,
        actor(work),
        Described(said.name, said.unified_credit_code),
        {submitted.customer_key, *([said.head_office_key] if said.head_office_key else [])},
    )
    declared = await _view(work, submitted.declaration_id)
    return Submitted(**declared.model_dump(), alike=await duplicates.shown(work, answer.alike))


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: DeclarationState | None = None,
    customer_key: UUID | None = None,
) -> Page[DeclarationOut]:
    """申报列表 / declarations in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.DECLARATIONS} AND (CAST(:state AS text) IS NULL OR d.state = :state)"
        " AND (CAST(:key AS uuid) IS NULL OR d.customer_key = :key)",
        _ORDER,
        _declaration,
        state=state and state.value,
        key=customer_key,
    )


@router.get("/chain", roles={"auditor", "province_administrator", "director"}, audited=True)
async def verify(work: Commanding, head: NotedHead = None) -> ChainOut:
    """校验申报链 / verify that no declaration was changed, dropped or moved (R-21).

    `head` is an end of the chain that was noted before: a chain that was rewritten as a whole
    does not have it.
    """
    found = await verification.verify(work, [head_from(head)] if head else [])
    first = found.faults[0] if found.faults else None
    return ChainOut(
        is_intact=found.is_intact,
        entries=found.entries,
        head=found.head.hash,
        noted=str(found.head),
        broken_at=found.broken_at,
        reason_zh=first.zh if first else "",
        reason_en=first.en if first else "",
        faults=[FaultOut(sequence=f.sequence, zh=f.zh, en=f.en) for f in found.faults[:_SHOWN]],
    )


@router.get("/{declaration_id}")
async def one(declaration_id: UUID, work: Reading) -> DeclarationOut:
    """一份申报 / one declaration."""
    row = await work.row(f"{reports.DECLARATIONS} AND d.declaration_id = :id", id=declaration_id)
    if row is None:
        raise _unknown(declaration_id)
    return _declaration(row)


@router.post("/{declaration_id}/approve", roles=DECIDING)
async def approve(
    declaration_id: UUID, body: Approval, expected_version: IfMatch, work: Commanding
) -> DeclarationEvidence:
    """核准申报 / approve: the customer may be developed, its development unit owns it."""
    await in_sight(work, await declarations.customer_of(work, declaration_id))
    command = ApproveDeclaration(declaration_id, actor(work), expected_version, **body.model_dump())
    await approve_declaration.handle(work, command)
    return await _view(work, declaration_id)


@router.post("/{declaration_id}/refuse", roles=DECIDING)
async def refuse(
    declaration_id: UUID, body: Refusal, expected_version: IfMatch, work: Commanding
) -> DeclarationEvidence:
    """不予核准 / refuse: the customer is closed before it was developed."""
    await in_sight(work, await declarations.customer_of(work, declaration_id))
    command = RefuseDeclaration(declaration_id, actor(work), expected_version, **body.model_dump())
    await refuse_declaration.handle(work, command)
    return await _view(work, declaration_id)


async def _view(work: Work, declaration_id: UUID) -> DeclarationEvidence:
    row = await work.row(f"{reports.DECLARATIONS} AND d.declaration_id = :id", id=declaration_id)
    if row is None:
        raise _unknown(declaration_id)
    entries = await chain.entries_of(work, declaration_id)
    return DeclarationEvidence(**row, chain=[ChainEntry(**entry) for entry in entries])


def _unknown(declaration_id: UUID) -> UnknownDeclaration:
    return UnknownDeclaration(
        f"没有申报 {declaration_id}", f"there is no declaration {declaration_id} that you may see"
    )
