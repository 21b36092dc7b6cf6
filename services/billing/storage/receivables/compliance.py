"""Cases of money that went where it must not go, and what became of them (B-36)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.cases import Case, CaseState, Resolution
from shared.errors import NotFound
from shared.identifiers import derived_id
from shared.work import Work

_COLUMNS = (
    "customer_key, kind, system, ref, account, amount, received_on, collected_by, case_id,"
    " raised_at"
)
_HELD = """
SELECT case_id, customer_key, collected_by FROM compliance_cases WHERE case_id = :case_id FOR UPDATE
"""
_STEPS = """
SELECT version, state, staff_code FROM compliance_case_steps
WHERE case_id = :case_id ORDER BY version
"""


class UnknownCase(NotFound):
    """No such case, or none that the caller may know of."""

    code = "unknown-compliance-case"
    title_zh = "没有此合规个案"
    title_en = "No such compliance case"


@dataclass(frozen=True, slots=True)
class Misdirected:
    """Money (yuan) of a customer in an account that is not the company's."""

    customer_key: UUID
    kind: str
    system: str
    ref: str
    account: str
    amount: Decimal
    received_on: date
    collected_by: str | None


async def raise_case(work: Work, money: Misdirected) -> None:
    """Keep it as a case, once for each number of its sender and account."""
    await work.run(
        f"INSERT INTO compliance_cases ({_COLUMNS}) VALUES (:{_COLUMNS.replace(', ', ', :')})"
        " ON CONFLICT DO NOTHING",
        {
            **asdict(money),
            "case_id": derived_id("case", money.system, money.ref, money.account),
            "raised_at": work.now,
        },
    )


async def held(work: Work, case_id: UUID) -> Case:
    """The case, held for a decision. Raises UnknownCase."""
    row = await work.row(_HELD, case_id=case_id)
    if row is None:
        raise UnknownCase(f"没有个案 {case_id}", f"there is no case {case_id}")
    steps = await work.rows(_STEPS, case_id=case_id)
    people = [step["staff_code"] for step in steps]
    if row["collected_by"] is not None:
        people.append(row["collected_by"])
    state = CaseState(steps[-1]["state"]) if steps else CaseState.RAISED
    return Case(case_id, row["customer_key"], state, people, len(steps) + 1)


async def take_step(
    work: Work, case: Case, finding: str, resolution: Resolution | None, on: date
) -> None:
    """Add what the caller found, or how he closed it, as the next version."""
    await work.run(
        "INSERT INTO compliance_case_steps (case_id, version, customer_key, state, resolution,"
        " finding, staff_code, taken_on, recorded_at) VALUES (:case_id, :version, :customer_key,"
        " :state, :resolution, :finding, :staff_code, :taken_on, :recorded_at)",
        {
            "case_id": case.case_id,
            "version": case.version + 1,
            "customer_key": case.customer_key,
            "state": CaseState.CLOSED if resolution else CaseState.REVIEWED,
            "resolution": resolution,
            "finding": finding,
            "staff_code": work.person.staff_code,
            "taken_on": on,
            "recorded_at": work.now,
        },
    )
