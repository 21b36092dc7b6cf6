"""Assets and the lending register: who has what, since when, in which condition (R-71, R-72)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.archive.custody.assets import Asset, AssetKind, AssetState
from services.registry.domain.archive.custody.loans import Loan, LoanState
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_OVERDUE = """
INSERT INTO archive_loan_steps AS noted
    (loan_id, step, version, customer_key, "on", by, note, recorded_at)
SELECT l.loan_id, 'overdue', l.version, l.customer_key, :on, NULL, NULL, :now FROM archive_loans l
WHERE l.state = 'lent' AND l.due_on < :on
ORDER BY l.loan_id
ON CONFLICT (loan_id, step) DO NOTHING
"""


class UnknownAsset(NotFound):
    """No such asset, or none that the caller may know of."""

    code = "unknown-archive-asset"
    rule = "R-71"
    title_zh = "档案资料不存在"
    title_en = "Unknown asset"


class UnknownLoan(NotFound):
    """No such loan, or none that the caller may know of."""

    code = "unknown-archive-loan"
    rule = "R-72"
    title_zh = "借阅登记不存在"
    title_en = "Unknown loan"


async def load_asset(work: Work, asset_id: UUID) -> Asset:
    """The asset, locked until the work ends: its loans are decided one after the other."""
    row = await work.row(
        "SELECT * FROM archive_assets WHERE asset_id = :id FOR UPDATE", id=asset_id
    )
    if row is None:
        raise UnknownAsset(f"没有档案资料 {asset_id}", f"there is no asset {asset_id}")
    return Asset(
        asset_id=row["asset_id"],
        customer_key=row["customer_key"],
        kind=AssetKind(row["kind"]),
        label=row["label"],
        keeper=row["keeper"],
        state=AssetState(row["state"]),
        version=row["version"],
    )


async def keep_asset(
    work: Work, asset: Asset, on: date, by: str, reason: str | None = None
) -> None:
    """Add the asset or give it its newest state, and note the step in its history."""
    values = {
        "asset_id": asset.asset_id,
        "customer_key": asset.customer_key,
        "kind": asset.kind.value,
        "label": asset.label,
        "keeper": asset.keeper,
        "state": asset.state.value,
        "version": asset.version,
        "now": work.now,
    }
    await work.run(
        "INSERT INTO archive_assets"
        " (asset_id, customer_key, kind, label, keeper, state, version, recorded_at)"
        " VALUES (:asset_id, :customer_key, :kind, :label, :keeper, :state, :version, :now)"
        " ON CONFLICT (asset_id) DO UPDATE SET keeper = excluded.keeper, state = excluded.state,"
        " version = excluded.version, recorded_at = excluded.recorded_at",
        values,
    )
    await work.run(
        insert(tables.archive_asset_steps).values(
            asset_id=asset.asset_id,
            version=asset.version,
            customer_key=asset.customer_key,
            keeper=asset.keeper,
            state=asset.state.value,
            on=on,
            by=by,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def asset_of(work: Work, loan_id: UUID) -> UUID:
    """The asset that a loan is about; raises UnknownLoan."""
    found: UUID | None = await work.value(
        "SELECT asset_id FROM archive_loans WHERE loan_id = :id", id=loan_id
    )
    if found is None:
        raise UnknownLoan(f"没有借阅登记 {loan_id}", f"there is no loan {loan_id}")
    return found


async def load_loan(work: Work, loan_id: UUID) -> Loan:
    """The loan, whose asset is held; raises UnknownLoan."""
    await asset_of(work, loan_id)
    row = await work.row("SELECT * FROM archive_loans WHERE loan_id = :id FOR UPDATE", id=loan_id)
    assert row is not None, "loans are never deleted"
    return _loan(row)


async def borrowers(work: Work, asset_id: UUID) -> list[str]:
    """Who has the asset now: one person at most."""
    rows = await work.rows(
        "SELECT borrower FROM archive_loans WHERE asset_id = :id AND state = 'lent'", id=asset_id
    )
    return [row["borrower"] for row in rows]


async def add_loan(work: Work, loan: Loan, policy_version: int) -> None:
    """Add a loan that was just asked for."""
    await work.run(
        insert(tables.archive_loans).values(
            loan_id=loan.loan_id,
            asset_id=loan.asset_id,
            customer_key=loan.customer_key,
            borrower=loan.borrower,
            purpose=loan.purpose,
            requested_on=loan.requested_on,
            due_on=loan.due_on,
            state=loan.state.value,
            version=loan.version,
            policy_version=policy_version,
            recorded_at=work.now,
        )
    )
    await _note(work, loan, loan.requested_on, loan.borrower, None)


async def save_loan(work: Work, loan: Loan, on: date, by: str, note: str | None) -> None:
    """Give the loan, which must be loaded, its newest state, and note the step."""
    await work.run(
        "UPDATE archive_loans SET state = :state, version = :version WHERE loan_id = :id",
        {"state": loan.state.value, "version": loan.version, "id": loan.loan_id},
    )
    await _note(work, loan, on, by, note)


async def note_overdue(work: Work, on: date) -> int:
    """Note every original that should have been back before `on`, once each; how many."""
    return (await work.run(_OVERDUE, {"on": on, "now": work.now})).rowcount


async def _note(work: Work, loan: Loan, on: date, by: str, note: str | None) -> None:
    await work.run(
        insert(tables.archive_loan_steps).values(
            loan_id=loan.loan_id,
            step=loan.state.value,
            version=loan.version,
            customer_key=loan.customer_key,
            on=on,
            by=by,
            note=note,
            recorded_at=work.now,
        )
    )


def _loan(row: RowMapping) -> Loan:
    return Loan(
        loan_id=row["loan_id"],
        asset_id=row["asset_id"],
        customer_key=row["customer_key"],
        borrower=row["borrower"],
        purpose=row["purpose"],
        requested_on=row["requested_on"],
        due_on=row["due_on"],
        state=LoanState(row["state"]),
        version=row["version"],
    )
