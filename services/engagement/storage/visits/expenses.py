"""Claims for travel expenses, and who signed them (E-25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.engagement.domain.visits.expenses import Expense, ExpenseState, Signature, Step
from services.engagement.domain.visits.verification import Verdict
from services.engagement.storage import tables
from shared.identifiers import derived_id
from shared.work import Work

_WITH_PEOPLE = """
SELECT expenses.*, visits.recorded_by,
       ARRAY(SELECT staff_code FROM visit_visitors visitors
             WHERE visitors.visit_id = expenses.visit_id ORDER BY position) AS visitors
FROM expenses JOIN visits ON visits.visit_id = expenses.visit_id
WHERE expenses.{column} = :id FOR UPDATE OF expenses
"""


@dataclass(frozen=True)
class KeptExpense:
    """A claim with the customer whose visit it is for, and how many signatures are stored."""

    customer_key: UUID
    expense: Expense
    stored_signatures: int = 0


def expense_id(visit_id: UUID) -> UUID:
    """The ID of the claim for a visit."""
    return derived_id("expense", visit_id)


async def add(work: Work, claims: Sequence[KeptExpense]) -> None:
    """Keep new claims."""
    if claims:
        await work.run(
            insert(tables.expenses),
            [
                {**_row(kept), "decided_on": None, "policy_version": None, "reasons": []}
                for kept in claims
            ],
        )


async def one(work: Work, expense_id: UUID) -> KeptExpense | None:
    """The claim, locked; None if there is none."""
    return await _load(work, "expense_id", expense_id)


async def of_visit(work: Work, visit_id: UUID) -> KeptExpense | None:
    """The claim for a visit, locked; None if none was made."""
    return await _load(work, "visit_id", visit_id)


async def save(
    work: Work,
    kept: KeptExpense,
    reasons: Sequence[str] = (),
    decided_on: date | None = None,
    gate_version: int | None = None,
) -> None:
    """Keep the claim as it is now; once decided, with reasons, day and version of the gate."""
    await work.run(
        "UPDATE expenses SET verdict = :verdict, refused_by = :refused_by, state = :state,"
        " reasons = :reasons, decided_on = coalesce(:decided_on, decided_on),"
        " policy_version = coalesce(:policy_version, policy_version), version = :version"
        " WHERE expense_id = :expense_id",
        {
            **_row(kept),
            "reasons": list(reasons),
            "decided_on": decided_on,
            "policy_version": gate_version,
        },
    )


async def add_signature(
    work: Work, kept: KeptExpense, signature: Signature, on: date, *, is_refusal: bool
) -> None:
    """Keep who took a step, or refused to."""
    await work.run(
        insert(tables.expense_signatures),
        [
            {
                "expense_id": kept.expense.expense_id,
                "number": kept.stored_signatures + 1,
                "step": signature.step.value,
                "staff_code": signature.staff_code,
                "is_refusal": is_refusal,
                "signed_on": on,
                "recorded_at": work.now,
            }
        ],
    )


async def _load(work: Work, column: str, id: UUID) -> KeptExpense | None:
    row = await work.row(_WITH_PEOPLE.format(column=column), id=id)
    if row is None:
        return None
    signatures = await work.rows(
        "SELECT step, staff_code, is_refusal FROM expense_signatures"
        " WHERE expense_id = :id ORDER BY number",
        id=row["expense_id"],
    )
    return KeptExpense(row["customer_key"], _expense(row, signatures), len(signatures))


def _expense(row: Any, signatures: Sequence[Any]) -> Expense:
    people = dict.fromkeys([row["claimant"], *row["visitors"], row["recorded_by"]])
    return Expense(
        expense_id=row["expense_id"],
        visit_id=row["visit_id"],
        amount=row["amount"],
        people=tuple(person for person in people if person),
        signatures=tuple(
            Signature(Step(each["step"]), each["staff_code"])
            for each in signatures
            if not each["is_refusal"]
        ),
        refused_by=row["refused_by"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        is_verified_by_phone=row["is_verified_by_phone"],
        state=ExpenseState(row["state"]),
        version=row["version"],
    )


def _row(kept: KeptExpense) -> dict[str, Any]:
    expense = kept.expense
    return {
        "expense_id": expense.expense_id,
        "visit_id": expense.visit_id,
        "customer_key": kept.customer_key,
        "claimant": expense.claimant,
        "amount": expense.amount,
        "is_verified_by_phone": expense.is_verified_by_phone,
        "verdict": expense.verdict.value if expense.verdict else None,
        "refused_by": expense.refused_by,
        "state": expense.state.value,
        "version": expense.version,
    }
