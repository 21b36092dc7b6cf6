"""Hand-overs: who takes over whose customers, and what is still to be done (R-50 to R-52)."""

from __future__ import annotations

from uuid import UUID

from services.registry.api.models import ADMINISTERING, actor, in_sight, itself
from services.registry.api.people.handover_models import (
    AnswerOut,
    DocumentsIn,
    HandoverDetail,
    HandoverIn,
    HandoverOut,
    InHandOut,
    LineOut,
    NamingOut,
    NotificationIn,
    SuccessorsIn,
    fields,
    handover,
    line,
    naming,
)
from services.registry.domain.people.handovers import HandoverReason, HandoverState, MarkKind
from services.registry.handlers.handovers import name_successors, start, tick_off
from services.registry.handlers.handovers.name_successors import NameSuccessors
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.handovers.tick_off import TickOff
from services.registry.storage.archive.leavers import IN_HAND_OF
from services.registry.storage.people import handover_reports as reports
from services.registry.storage.people.handovers import UnknownHandover
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/handovers", tags=["handovers"])
_ORDER = Keyset("started_on date", "handover_id uuid", descending=True)
_LINES = Keyset("customer_key uuid")
_HISTORY = Keyset("version integer", "customer_key uuid")
RECEIVING: frozenset[Role] = ADMINISTERING | {"supervisor"}
"""Who receives what a leaver gives back (R-52)."""


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: HandoverState | None = None,
    reason: HandoverReason | None = None,
    staff_code: Code | None = None,
    overdue: bool | None = None,
) -> Page[HandoverOut]:
    """移交单列表 / hand-overs in sight, the newest first; with what each still lacks."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.HANDOVERS}) seen"
        " WHERE (CAST(:state AS text) IS NULL OR state = :state)"
        " AND (CAST(:reason AS text) IS NULL OR reason = :reason)"
        " AND (CAST(:staff_code AS text) IS NULL OR from_staff_code = :staff_code)"
        " AND (CAST(:overdue AS boolean) IS NULL OR is_overdue = :overdue)",
        _ORDER,
        handover,
        today=work.today,
        state=state and state.value,
        reason=reason and reason.value,
        staff_code=staff_code,
        overdue=overdue,
    )


@router.get("/{handover_id}")
async def one(handover_id: UUID, work: Reading) -> HandoverDetail:
    """一张移交单 / one hand-over, with what the services answered."""
    return await _view(work, handover_id)


@router.get("/{handover_id}/customers")
async def customers(handover_id: UUID, work: Reading, page: PageQuery) -> Page[LineOut]:
    """移交清单 / the customers with their successors; a missing one is flagged."""
    await _view(work, handover_id)
    return await page.read(work, reports.LINES, _LINES, line, id=handover_id)


@router.get("/{handover_id}/history")
async def history(handover_id: UUID, work: Reading, page: PageQuery) -> Page[NamingOut]:
    """移交历史 / who was named in which version, by whom."""
    await _view(work, handover_id)
    return await page.read(work, reports.HISTORY, _HISTORY, naming, id=handover_id)


@router.post("", status_code=201, roles=ADMINISTERING)
async def begin(body: HandoverIn, work: Commanding) -> HandoverDetail:
    """移交客户 / hand over some customers of somebody who stays."""
    keys = tuple(each.customer_key for each in body.customers)
    for key in keys:
        await itself(work, key)
    command = StartHandover(
        *(body.from_staff_code, HandoverReason.REASSIGNMENT, keys, actor(work)),
        successors={each.customer_key: each.successor for each in body.customers if each.successor},
        words=body.reason,
    )
    started = await start.handle(work, command)
    return await _view(work, started.handover_id)


@router.post("/{handover_id}/successors", roles=ADMINISTERING)
async def successors(
    handover_id: UUID, body: SuccessorsIn, expected_version: IfMatch, work: Commanding
) -> HandoverDetail:
    """指定继任者 / name successors, or others; a newer version that the services answer again."""
    await _view(work, handover_id)
    for each in body.successors:
        await in_sight(work, each.customer_key)
    named = {each.customer_key: each.successor for each in body.successors}
    command = NameSuccessors(handover_id, expected_version, actor(work), named)
    await name_successors.handle(work, command)
    return await _view(work, handover_id)


@router.post("/{handover_id}/notifications", roles=RECEIVING | {"account_manager"})
async def notify(handover_id: UUID, body: NotificationIn, work: Commanding) -> HandoverDetail:
    """登记已通知客户 / the customer was told, on which day and by whom."""
    await _view(work, handover_id)
    await in_sight(work, body.customer_key)
    by = actor(work).staff_code
    command = TickOff(*(handover_id, MarkKind.NOTIFIED, by, body.customer_key, body.on, body.words))
    await tick_off.handle(work, command)
    return await _view(work, handover_id)


@router.post("/{handover_id}/documents", roles=RECEIVING)
async def documents(handover_id: UUID, body: DocumentsIn, work: Commanding) -> HandoverDetail:
    """登记资料收回 / the supervisor received the leaver's documents and archived them."""
    await _view(work, handover_id)
    by = actor(work).staff_code
    command = TickOff(handover_id, MarkKind.DOCUMENTS, by, on=body.on, words=body.words)
    await tick_off.handle(work, command)
    return await _view(work, handover_id)


async def _view(work: Work, handover_id: UUID) -> HandoverDetail:
    row = await work.row(
        f"SELECT * FROM ({reports.HANDOVERS}) seen WHERE handover_id = :id",
        id=handover_id,
        today=work.today,
    )
    if row is None:
        raise UnknownHandover(
            f"没有移交单 {handover_id}", f"there is no hand-over {handover_id} that you may see"
        )
    answers = await work.rows(reports.ANSWERS, id=handover_id)
    leaves = row["reason"] == HandoverReason.DEPARTURE
    left_with = await work.rows(IN_HAND_OF, staff=row["from_staff_code"]) if leaves else []
    return HandoverDetail(
        **fields(row),
        answers=[AnswerOut(**answer) for answer in answers],
        in_hand=[InHandOut(**each) for each in left_with],
    )
