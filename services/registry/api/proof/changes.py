"""Changes of customers: applied for with proof, decided, then performed (R-29)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import (
    DECIDING,
    RESPONSIBLE,
    Command,
    OnDay,
    Reason,
    actor,
    in_sight,
    itself,
)
from services.registry.api.proof.documents import Digest
from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    ChangeState,
    Proof,
    Wanted,
)
from services.registry.handlers.proof import apply_for_change, decide_change
from services.registry.handlers.proof.decide_change import DecideChange
from services.registry.storage.proof import changes, reports
from services.registry.storage.proof.changes import UnknownApplication
from shared.contracts.values import DivisionCode, Label, Name, Word
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.identifiers import new_id
from shared.work import Work

router = Router(tags=["changes"])
_ORDER = Keyset("applied_on date", "application_id uuid", descending=True)
_NAMES = Keyset("version integer", descending=True)
_PAUSES = Keyset("from_on date", "application_id uuid", descending=True)


class ProofIn(Command):
    """The paper that proves it, and the digest of a copy."""

    kind: Word
    digest: Digest
    kept_at: Label = Field(description="原件存放处 / where the original lies")
    number: Label | None = None


class ChangeIn(OnDay):
    """What is to change from when on: 更名 name, 过户 owner, 迁移 location, 暂拆 removal.

    A name says `name`; another owner `name` and `unified_credit_code`; a place `division_code`;
    a temporary removal may say `until_on`.
    """

    kind: ChangeKind
    effective_on: date
    name: Name | None = None
    unified_credit_code: str | None = Field(default=None, max_length=50)
    division_code: DivisionCode | None = None
    until_on: date | None = None
    proof: ProofIn
    reason: Reason


class Decision(OnDay):
    """The day of the decision."""


class Refusal(OnDay):
    """Why the change is refused."""

    reason: Reason


class WantedOut(BaseModel):
    """What is to be."""

    name: str | None = None
    unified_credit_code: str | None = None
    division_code: str | None = None
    until_on: date | None = None


class ChangeOut(BaseModel):
    """An application and what became of it."""

    application_id: UUID
    customer_key: UUID
    customer_id: str | None
    name: str
    kind: ChangeKind
    content: WantedOut
    effective_on: date
    proof_kind: str
    proof_number: str | None
    proof_digest: str
    proof_kept_at: str
    reason: str
    applied_by: str
    applied_at_unit: str
    applied_on: date
    state: ChangeState
    decided_by: str | None
    decided_on: date | None
    decision_reason: str | None
    policy_version: int | None
    performed_on: date | None
    blocked_for: str | None
    version: int


class FormerNameOut(BaseModel):
    """What the customer was called until a day."""

    version: int
    name: str
    unified_credit_code: str | None
    until_on: date
    application_id: UUID


class PauseOut(BaseModel):
    """Days on which the customer has no service."""

    application_id: UUID
    from_on: date
    until_on: date | None


@router.post("/v1/customers/{customer_key}/changes", status_code=201, roles=RESPONSIBLE)
async def apply(customer_key: UUID, body: ChangeIn, work: Commanding) -> ChangeOut:
    """申请更名、过户、迁移、暂拆 / apply in advance for a change, with proof."""
    await itself(work, customer_key)
    by = actor(work)
    application = Application(
        application_id=new_id(),
        customer_key=customer_key,
        kind=body.kind,
        wanted=Wanted(body.name, body.unified_credit_code, body.division_code, body.until_on),
        effective_on=body.effective_on,
        proof=Proof(**body.proof.model_dump()),
        reason=body.reason,
        applied_by=by.staff_code,
        applied_at_unit=by.unit,
        applied_on=body.on or work.today,
    )
    await apply_for_change.handle(work, application, by)
    return await _view(work, application.application_id)


@router.get("/v1/changes")
async def listing(
    work: Reading,
    page: PageQuery,
    state: ChangeState | None = None,
    customer_key: UUID | None = None,
) -> Page[ChangeOut]:
    """变更申请 / applications in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.CHANGES} AND (CAST(:state AS text) IS NULL OR a.state = :state)"
        " AND (CAST(:key AS uuid) IS NULL OR a.customer_key = :key)",
        _ORDER,
        _change,
        state=state and state.value,
        key=customer_key,
    )


@router.get("/v1/changes/{application_id}")
async def one(application_id: UUID, work: Reading) -> ChangeOut:
    """一份变更申请 / one application."""
    return await _view(work, application_id)


@router.post("/v1/changes/{application_id}/approve", roles=DECIDING)
async def approve(
    application_id: UUID, body: Decision, expected_version: IfMatch, work: Commanding
) -> ChangeOut:
    """批准变更 / approve; the customer changes on the day that was applied for."""
    await itself(work, await changes.customer_of(work, application_id))
    command = DecideChange(application_id, actor(work), expected_version, on=body.on)
    await decide_change.handle(work, command)
    return await _view(work, application_id)


@router.post("/v1/changes/{application_id}/refuse", roles=DECIDING)
async def refuse(
    application_id: UUID, body: Refusal, expected_version: IfMatch, work: Commanding
) -> ChangeOut:
    """不予变更 / refuse, with the reason."""
    await in_sight(work, await changes.customer_of(work, application_id))
    command = DecideChange(application_id, actor(work), expected_version, body.reason, body.on)
    await decide_change.refuse_change(work, command)
    return await _view(work, application_id)


@router.get("/v1/customers/{customer_key}/former-names")
async def former_names(customer_key: UUID, work: Reading, page: PageQuery) -> Page[FormerNameOut]:
    """曾用名 / what a customer in sight was called before; it is still found under it."""
    return await page.read(
        work, reports.FORMER_NAMES, _NAMES, lambda row: FormerNameOut(**row), key=customer_key
    )


@router.get("/v1/customers/{customer_key}/service-pauses")
async def pauses(customer_key: UUID, work: Reading, page: PageQuery) -> Page[PauseOut]:
    """暂拆记录 / days on which a customer in sight has no service."""
    return await page.read(
        work, reports.PAUSES, _PAUSES, lambda row: PauseOut(**row), key=customer_key
    )


def _change(row: RowMapping) -> ChangeOut:
    return ChangeOut(**row)


async def _view(work: Work, application_id: UUID) -> ChangeOut:
    row = await work.row(f"{reports.CHANGES} AND a.application_id = :id", id=application_id)
    if row is None:
        raise UnknownApplication(
            f"没有变更申请 {application_id}", f"there is no application {application_id} in sight"
        )
    return _change(row)
