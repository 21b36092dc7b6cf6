"""Duplicates: does this customer exist? (R-81)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.refused import note_refused
from services.registry.api.models import RESPONSIBLE, Command, actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.identity.likeness import Grade, Reason
from services.registry.handlers.identity import ask_existence
from services.registry.storage.archive import audit
from services.registry.storage.identity import questions
from services.registry.storage.identity.likeness import Alike, Described
from shared.contracts.values import Name
from shared.http import Commanding, Keyset, Page, PageQuery, Router
from shared.work import Work

router = Router(prefix="/v1/duplicates", tags=["duplicates"], note_refused=note_refused)
_ORDER = Keyset("asked_at instant", "question_id uuid", descending=True)
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class CheckIn(Command):
    """What is known of somebody; anything may be left out, something has to be there."""

    name: Name | None = None
    unified_credit_code: _Text | None = None
    phones: list[_Text] = Field(default=[], max_length=10)
    addresses: list[_Text] = Field(default=[], max_length=10)


class AlikeOut(BaseModel):
    """A customer that it may be: ask the centre. The key only for whoever may see it anyway."""

    grade: Grade
    points: int
    reasons: list[Reason]
    centre: str
    centre_name: str | None
    customer_key: UUID | None


class AnswerOut(BaseModel):
    """Whether such a customer exists, under the number by which the question was written down."""

    question_id: UUID
    exists: bool
    policy_version: int
    alike: list[AlikeOut]


class AskedOut(BaseModel):
    """What was asked."""

    name: str | None
    unified_credit_code: str | None
    phones: list[str]
    addresses: list[str]


class AnsweredOut(BaseModel):
    """A customer that was named in the answer."""

    customer_key: UUID
    centre: str
    grade: Grade
    points: int
    reasons: list[Reason]


class QuestionOut(BaseModel):
    """Who asked what, when, and what was answered."""

    question_id: UUID
    purpose: str
    asked_by: str
    unit: str
    asked_on: date
    asked_at: datetime
    policy_version: int
    asked: AskedOut
    answered: list[AnsweredOut]


@router.post(
    "/check",
    roles=RESPONSIBLE
    | {"branch_staff", "market_department", "specialty", "province_administrator"},
    idempotent=False,
)
async def check(body: CheckIn, work: Commanding) -> AnswerOut:
    """查重 / does this customer exist? Answers whom to ask; every question is written down."""
    asked = Described(
        body.name, body.unified_credit_code, tuple(body.phones), tuple(body.addresses)
    )
    answer = await ask_existence.handle(work, actor(work), asked)
    return AnswerOut(
        question_id=answer.question_id,
        exists=bool(answer.alike),
        policy_version=answer.policy_version,
        alike=await shown(work, answer.alike),
    )


@router.get("/questions", roles={"auditor", "province_administrator"}, audited=True)
async def asked(
    work: Commanding, page: PageQuery, asked_by: str | None = None
) -> Page[QuestionOut]:
    """查重记录 / who asked for whom, the newest first; looking here is logged."""

    def question(row: RowMapping) -> QuestionOut:
        described = AskedOut.model_validate(questions.opened(work, row["asked"]))
        return QuestionOut(**{**row, "asked": described})

    where = "" if asked_by is None else " AND asked_by = :by"
    by = {} if asked_by is None else {"by": asked_by}
    found = await page.read(work, f"{questions.LISTED}{where}", _ORDER, question, **by)
    details: dict[str, object] = {"questions": len(found.items), **by}
    await audit.add(work, [audit.entry(work, AuditAction.READ_LOG, details=details)])
    return found


async def shown(work: Work, alike: Sequence[Alike]) -> list[AlikeOut]:
    """The customers as whoever asks may read of them."""
    names: dict[str, str] = {
        row["unit"]: row["name"]
        for row in await work.rows(
            "SELECT unit, name FROM kit.units WHERE unit = ANY(:units)",
            units=sorted({each.centre for each in alike}),
        )
    }
    return [
        AlikeOut(
            grade=each.likeness.grade,
            points=each.likeness.points,
            reasons=list(each.likeness.reasons),
            centre=each.centre,
            centre_name=names.get(each.centre),
            customer_key=each.customer_key if each.is_visible else None,
        )
        for each in alike
    ]
