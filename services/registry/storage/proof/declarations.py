"""Declarations as they are worked with; what proves them is the chain (`storage/chain.py`)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.proof.declarations import Declaration, DeclarationState
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work


class UnknownDeclaration(NotFound):
    """No such declaration, or none that the caller may know of."""

    code = "unknown-declaration"
    rule = "R-20"
    title_zh = "申报不存在"
    title_en = "Unknown declaration"


async def customer_of(work: Work, declaration_id: UUID) -> UUID:
    """The customer that a declaration is about; raises UnknownDeclaration."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM declarations WHERE declaration_id = :id", id=declaration_id
    )
    if key is None:
        raise UnknownDeclaration(
            f"没有申报 {declaration_id}", f"there is no declaration {declaration_id}"
        )
    return key


async def find(work: Work, declaration_id: UUID) -> Declaration:
    """The declaration, not held, if it may be seen; raises UnknownDeclaration."""
    row = await work.row("SELECT * FROM declarations WHERE declaration_id = :id", id=declaration_id)
    if row is None:
        raise UnknownDeclaration(
            f"没有申报 {declaration_id}", f"there is no declaration {declaration_id}"
        )
    return declaration_from(row)


async def load(work: Work, declaration_id: UUID) -> Declaration:
    """The declaration, locked until the work ends; raises UnknownDeclaration."""
    await customer_of(work, declaration_id)
    row = await work.row(
        "SELECT * FROM declarations WHERE declaration_id = :id FOR UPDATE", id=declaration_id
    )
    assert row is not None, "declarations are never deleted"
    return declaration_from(row)


def declaration_from(row: RowMapping) -> Declaration:
    """The declaration that a row of the table says."""
    return Declaration(
        declaration_id=row["declaration_id"],
        customer_key=row["customer_key"],
        declaring_unit=row["declaring_unit"],
        declared_by=row["declared_by"],
        declared_on=row["declared_on"],
        reporting_branch=row["reporting_branch"],
        development_unit=row["development_unit"],
        joint_units=tuple(row["joint_units"]),
        state=DeclarationState(row["state"]),
        decided_by=row["decided_by"],
        decided_on=row["decided_on"],
        decision_reason=row["decision_reason"],
        version=row["version"],
    )


async def add(work: Work, declaration: Declaration) -> None:
    """Keep a declaration that was submitted."""
    await work.run(
        insert(tables.declarations).values(
            declaration_id=declaration.declaration_id,
            customer_key=declaration.customer_key,
            declaring_unit=declaration.declaring_unit,
            declared_by=declaration.declared_by,
            declared_on=declaration.declared_on,
            reporting_branch=declaration.reporting_branch,
            development_unit=declaration.development_unit,
            joint_units=list(declaration.joint_units),
            state=declaration.state.value,
            version=declaration.version,
            recorded_at=work.now,
        )
    )


async def save_version(work: Work, declaration: Declaration) -> None:
    """Keep that something was added to a declaration, so that nobody decides on what they saw."""
    await work.run(
        "UPDATE declarations SET version = :version WHERE declaration_id = :id",
        {"version": declaration.version, "id": declaration.declaration_id},
    )


async def save_decision(work: Work, declaration: Declaration) -> None:
    """Keep what was decided; everything else of a declaration never changes (R-21)."""
    await work.run(
        "UPDATE declarations SET state = :state, decided_by = :by, decided_on = :on,"
        " decision_reason = :reason, version = :version WHERE declaration_id = :id",
        {
            "state": declaration.state.value,
            "by": declaration.decided_by,
            "on": declaration.decided_on,
            "reason": declaration.decision_reason,
            "version": declaration.version,
            "id": declaration.declaration_id,
        },
    )
