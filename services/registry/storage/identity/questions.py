"""Who asked whether a customer exists, and what was answered (R-81)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert

from services.registry.domain.actors import Actor
from services.registry.storage import tables
from services.registry.storage.identity.likeness import Alike, Described
from shared.directory.grants import visible_unit
from shared.identifiers import new_id
from shared.work import Work

QUESTION, DECLARATION = "question", "declaration"

LISTED = f"""
SELECT question_id, purpose, asked_by, unit, asked_on, asked_at, asked, answered, policy_version
FROM duplicate_questions asked WHERE {visible_unit("asked.unit")}
"""
"""For commands that say who reads: what was asked is sealed, `opened` reads it.

Questions of the reader's unit and of those below it."""
_STALE = """
SELECT question_id, asked FROM duplicate_questions WHERE sealed_with <> :newest
ORDER BY question_id LIMIT :most FOR UPDATE SKIP LOCKED
"""
_RESEAL = """
UPDATE duplicate_questions held SET asked = fresh.asked, sealed_with = %s::text
FROM unnest(%s::uuid[], %s::bytea[]) AS fresh (question_id, asked)
WHERE held.question_id = fresh.question_id
"""


async def asked_today(work: Work, staff_code: str) -> int:
    """How often the person has asked today; nobody asks twice at the same time."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('duplicates ' || :by, 0))",
        {"by": staff_code},
    )
    count: int = await work.value(
        "SELECT count(*) FROM duplicate_questions"
        " WHERE asked_by = :by AND asked_on = :on AND purpose = :purpose",
        by=staff_code,
        on=work.today,
        purpose=QUESTION,
    )
    return count


async def note(
    work: Work,
    by: Actor,
    purpose: str,
    asked: Described,
    answered: Sequence[Alike],
    policy_version: int,
) -> UUID:
    """Write down the question and what was answered; returns its number."""
    question_id = new_id()
    await work.run(
        insert(tables.duplicate_questions).values(
            question_id=question_id,
            purpose=purpose,
            asked_by=by.staff_code,
            unit=by.unit,
            asked_on=work.today,
            asked_at=work.now,
            asked=work.box.seal(orjson.dumps(asdict(asked))),
            sealed_with=work.box.newest,
            answered=[_answer(each) for each in answered],
            policy_version=policy_version,
        )
    )
    return question_id


def opened(work: Work, sealed: bytes) -> Mapping[str, Any]:
    """What was asked, as it was described."""
    described: dict[str, Any] = orjson.loads(work.box.open(bytes(sealed)))
    return described


async def reseal(work: Work, at_most: int) -> int:
    """Seal `at_most` questions anew that an older key sealed; how many (R-74).

    The question stays as it was asked. Raises CannotOpen when the older key was dropped too early.
    """
    rows = await work.rows(_STALE, newest=work.box.newest, most=at_most)
    if rows:
        await work.bulk(
            _RESEAL,
            work.box.newest,
            [row["question_id"] for row in rows],
            [work.box.reseal(bytes(row["asked"])) for row in rows],
        )
    return len(rows)


def _answer(each: Alike) -> dict[str, object]:
    return {
        "customer_key": str(each.customer_key),
        "centre": each.centre,
        "grade": each.likeness.grade.value,
        "points": each.likeness.points,
        "reasons": [reason.value for reason in each.likeness.reasons],
    }
