"""Complaints: taken in, assigned, answered, resolved, escalated, called back (E-37 to E-40)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from services.engagement.api.complaint_models import (
    AnswerIn,
    AssignmentIn,
    CallBackIn,
    CaseRecordOut,
    ComplaintIn,
    ComplaintOut,
    EscalationIn,
    ResolutionIn,
    complaint,
)
from services.engagement.api.models import CodeQuery
from services.engagement.domain.complaints.complaints import ComplaintState
from services.engagement.handlers import read_record
from services.engagement.handlers.complaints import (
    answer_complaint,
    assign_complaint,
    call_customer_back,
    escalate_complaint,
    open_complaint,
    resolve_complaint,
)
from services.engagement.handlers.complaints.answer_complaint import AnswerComplaint
from services.engagement.handlers.complaints.assign_complaint import AssignComplaint
from services.engagement.handlers.complaints.call_customer_back import CallCustomerBack
from services.engagement.handlers.complaints.escalate_complaint import EscalateComplaint
from services.engagement.handlers.complaints.open_complaint import OpenComplaint
from services.engagement.handlers.complaints.resolve_complaint import ResolveComplaint
from services.engagement.storage import reports
from shared.contracts.enterprise import ComplaintKind
from shared.directory.identities import SAME_CUSTOMER
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/complaints", tags=["complaints"])
_ORDER = Keyset("occurred_at instant", "complaint_id uuid", descending=True)
_HANDLING: frozenset[Role] = frozenset(
    {"account_manager", "complaint_handler", "deputy_director", "director", "supervisor"}
)
_TAKING_IN: frozenset[Role] = _HANDLING | {
    "branch_staff",
    "customer_administrator",
    "sales_director",
    "telephone",
}
_DISPATCHING: frozenset[Role] = frozenset(
    {"complaint_handler", "deputy_director", "director", "supervisor"}
)
_CALLING_BACK: frozenset[Role] = frozenset({"complaint_handler", "supervisor", "telephone"})
_READING_WORDS: frozenset[Role] = _HANDLING | {"auditor", "telephone"}


@router.post("", status_code=201, roles=_TAKING_IN)
async def take_in(body: ComplaintIn, work: Commanding) -> ComplaintOut:
    """受理 / take in a complaint, consultation, enquiry, suggestion or claim."""
    said = body.disputed
    opened = await open_complaint.handle(
        work,
        OpenComplaint(
            kind=body.kind.value,
            channel=body.channel,
            text=body.text,
            customer_key=body.customer_key,
            category=body.category,
            occurred_at=body.occurred_at,
            disputed=(said.system, said.type, said.ref) if said else None,
        ),
    )
    return await _view(work, opened.case.complaint_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: ComplaintState | None = None,
    kind: ComplaintKind | None = None,
    customer_key: UUID | None = None,
    unit: CodeQuery | None = None,
    is_breached: bool | None = None,
    opened_from: datetime | None = None,
    opened_to: datetime | None = None,
) -> Page[ComplaintOut]:
    """投诉列表 / cases in sight, the newest first."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.COMPLAINTS}) AS cases"
        " WHERE (CAST(:state AS text) IS NULL OR state = :state)"
        " AND (CAST(:kind AS text) IS NULL OR kind = :kind)"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})"
        " AND (CAST(:unit AS text) IS NULL OR unit IN"
        "      (SELECT below.unit FROM kit.unit_closure below WHERE below.ancestor = :unit))"
        " AND (CAST(:is_breached AS boolean) IS NULL"
        "      OR (breached <> CAST('[]' AS jsonb)) = :is_breached)"
        " AND (CAST(:opened_from AS timestamptz) IS NULL OR occurred_at >= :opened_from)"
        " AND (CAST(:opened_to AS timestamptz) IS NULL OR occurred_at <= :opened_to)",
        _ORDER,
        complaint,
        state=state and state.value,
        kind=kind and kind.value,
        customer_key=customer_key,
        unit=unit,
        is_breached=is_breached,
        opened_from=opened_from,
        opened_to=opened_to,
    )


@router.get("/{complaint_id}")
async def one(complaint_id: UUID, work: Reading) -> ComplaintOut:
    """一件投诉 / one case with its clocks."""
    return await _view(work, complaint_id)


@router.get("/{complaint_id}/record", roles=_READING_WORDS, audited=True)
async def words(complaint_id: UUID, work: Commanding) -> CaseRecordOut:
    """意见反馈处理表 / what was said, answered and came of it; who reads it is noted (form 5)."""
    return CaseRecordOut.model_validate(asdict(await read_record.of_case(work, complaint_id)))


@router.post("/{complaint_id}/assign", roles=_DISPATCHING)
async def assign(
    complaint_id: UUID, body: AssignmentIn, expected_version: IfMatch, work: Commanding
) -> ComplaintOut:
    """派单 / give the case to a responsible unit, and to a person there."""
    command = AssignComplaint(complaint_id, body.unit, expected_version, body.handler, body.at)
    await assign_complaint.handle(work, command)
    return await _view(work, complaint_id)


@router.post("/{complaint_id}/answer", roles=_HANDLING)
async def answer(
    complaint_id: UUID, body: AnswerIn, expected_version: IfMatch, work: Commanding
) -> ComplaintOut:
    """答复客户 / note what the customer was told."""
    command = AnswerComplaint(complaint_id, body.text, expected_version, body.at)
    await answer_complaint.handle(work, command)
    return await _view(work, complaint_id)


@router.post("/{complaint_id}/resolve", roles=_HANDLING)
async def resolve(
    complaint_id: UUID, body: ResolutionIn, expected_version: IfMatch, work: Commanding
) -> ComplaintOut:
    """登记结果 / resolve with a result, after the customer was answered (E-38)."""
    command = ResolveComplaint(complaint_id, body.result, body.text, expected_version, body.at)
    await resolve_complaint.handle(work, command)
    return await _view(work, complaint_id)


@router.post("/{complaint_id}/escalate", roles=_HANDLING)
async def escalate(
    complaint_id: UUID, body: EscalationIn, expected_version: IfMatch, work: Commanding
) -> ComplaintOut:
    """升级、催办 / raise the case to a higher level, up to the regulator (E-39)."""
    command = EscalateComplaint(complaint_id, body.reason, expected_version, body.level, body.at)
    await escalate_complaint.handle(work, command)
    return await _view(work, complaint_id)


@router.post("/{complaint_id}/call-back", roles=_CALLING_BACK)
async def call_back(
    complaint_id: UUID, body: CallBackIn, expected_version: IfMatch, work: Commanding
) -> ComplaintOut:
    """回访 / note a call-back: a satisfied customer closes the case, another reopens it (E-28)."""
    command = CallCustomerBack(complaint_id, body.said, expected_version, body.text, body.at)
    await call_customer_back.handle(work, command)
    return await _view(work, complaint_id)


async def _view(work: Work, complaint_id: UUID) -> ComplaintOut:
    row = await work.row(f"{reports.COMPLAINTS} AND c.complaint_id = :id", id=complaint_id)
    if row is None:
        raise NotFound("没有此投诉", "there is no such case that you may see")
    return complaint(row)
