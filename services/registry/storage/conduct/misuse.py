"""Cases of misuse, their steps, and under seal who reported them (R-77)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from services.registry.domain.conduct.misuse import CaseState, MisuseCase
from services.registry.storage import tables
from shared.contracts.envelope import PolicyRef
from shared.errors import NotFound
from shared.work import Work

_MARK = "misuse reporter"
_STALE = """
SELECT case_id, sealed FROM misuse_reporters
WHERE sealed_with <> :sealed_with OR marked_with <> :marked_with
ORDER BY case_id LIMIT 1000 FOR UPDATE SKIP LOCKED
"""


class UnknownMisuseCase(NotFound):
    """No such case, or none that the caller may know of."""

    code = "unknown-misuse-case"
    rule = "R-77"
    title_zh = "案件不存在"
    title_en = "Unknown case"


async def load(work: Work, case_id: UUID) -> MisuseCase:
    """The case, locked until the work ends; raises UnknownMisuseCase."""
    row = await work.row("SELECT * FROM misuse_cases WHERE case_id = :id FOR UPDATE", id=case_id)
    if row is None:
        raise unknown(case_id)
    return MisuseCase(
        case_id=case_id,
        subject_staff_code=row["subject_staff_code"],
        subject_unit=row["subject_unit"],
        kind=row["kind"],
        occurred_on=row["occurred_on"],
        reported_on=row["reported_on"],
        customer_key=row["customer_key"],
        state=CaseState(row["state"]),
        grade=row["grade"],
        penalties=tuple(row["penalties"]),
        last_on=row["last_on"],
        version=row["version"],
    )


def unknown(case_id: UUID) -> UnknownMisuseCase:
    """What is said of a case that the caller may not know of."""
    return UnknownMisuseCase(f"没有案件 {case_id}", f"there is no case {case_id} that you may see")


async def add(work: Work, case: MisuseCase, reporter: str) -> None:
    """Add a case; who reported it is sealed."""
    await work.run(
        insert(tables.misuse_cases).values(
            case_id=case.case_id,
            subject_staff_code=case.subject_staff_code,
            subject_unit=case.subject_unit,
            kind=case.kind,
            occurred_on=case.occurred_on,
            reported_on=case.reported_on,
            customer_key=case.customer_key,
            state=case.state.value,
            grade=case.grade,
            penalties=list(case.penalties),
            last_on=case.last_on,
            version=case.version,
            recorded_at=work.now,
        )
    )
    await work.run(
        insert(tables.misuse_reporters).values(case_id=case.case_id, **_sealed(work, reporter))
    )


async def save(work: Work, case: MisuseCase) -> None:
    """Give the case, which must be loaded, its newest state."""
    await work.run(
        "UPDATE misuse_cases SET state = :state, grade = :grade, penalties = :penalties,"
        " last_on = :last_on, version = :version WHERE case_id = :id",
        {
            "state": case.state.value,
            "grade": case.grade,
            "penalties": list(case.penalties),
            "last_on": case.last_on,
            "version": case.version,
            "id": case.case_id,
        },
    )


async def add_step(
    work: Work, case: MisuseCase, by: str | None, note: str, policy: PolicyRef
) -> None:
    """Add the step that brought the case to where it is; `by` is None for the reporter."""
    await work.run(
        insert(tables.misuse_steps).values(
            case_id=case.case_id,
            version=case.version,
            state=case.state.value,
            on=case.last_on,
            by=by,
            note=note,
            grade=case.grade,
            penalties=list(case.penalties),
            policy_name=policy.name,
            policy_version=policy.version,
            recorded_at=work.now,
        )
    )


async def reporter(work: Work, case_id: UUID) -> str:
    """The staff code of who reported the case; raises UnknownMisuseCase."""
    sealed = await work.value("SELECT sealed FROM misuse_reporters WHERE case_id = :id", id=case_id)
    if sealed is None:
        raise unknown(case_id)
    return work.box.open(bytes(sealed)).decode()


def marks(work: Work, staff_code: str) -> list[bytes]:
    """What finds the cases that somebody reported."""
    return work.box.marks.every(_MARK, staff_code)


async def reseal(work: Work) -> int:
    """Seal and mark reporters anew that an older key sealed or marked; how many."""
    total = 0
    keys = {"sealed_with": work.box.newest, "marked_with": work.box.marks.key_id}
    while rows := await work.rows(_STALE, **keys):
        for row in rows:
            fresh = _sealed(work, work.box.open(bytes(row["sealed"])).decode())
            await work.run(
                "UPDATE misuse_reporters SET sealed = :sealed, sealed_with = :sealed_with,"
                " mark = :mark, marked_with = :marked_with WHERE case_id = :id",
                {**fresh, "id": row["case_id"]},
            )
        total += len(rows)
    return total


def _sealed(work: Work, reporter: str) -> dict[str, object]:
    return {
        "sealed": work.box.seal(reporter.encode()),
        "sealed_with": work.box.newest,
        "mark": work.box.marks.mark(_MARK, reporter),
        "marked_with": work.box.marks.key_id,
    }
