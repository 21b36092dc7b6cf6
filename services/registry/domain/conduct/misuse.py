"""A case of misuse: reported, inquired into, decided, closed; nothing of it is forgotten (R-77)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from .penalties import MisusePenalties, require_kind, require_penalties


class CaseState(StrEnum):
    """The way of a case, the same for every catalogue of penalties (C21)."""

    REPORTED = "reported"
    UNDER_INQUIRY = "under-inquiry"
    DECIDED = "decided"
    CLOSED = "closed"


class NotTheStage(Conflict):
    """The case is not at the stage that the step asks for."""

    code = "wrong-misuse-stage"
    rule = "R-77"
    title_zh = "案件阶段不符"
    title_en = "Wrong stage of the case"


class NotAnInquirer(Forbidden):
    """Who inquires and decides the policy says."""

    code = "not-an-inquirer"
    rule = "R-77"
    title_zh = "无权调查处理"
    title_en = "Not an inquirer"


class NotImpartial(Forbidden):
    """Nobody inquires into the own case or into what he or she reported."""

    code = "not-impartial"
    rule = "R-77"
    title_zh = "应当回避"
    title_en = "Not impartial"


@dataclass(frozen=True, slots=True)
class MisuseCase:
    """A case about a member of staff; who reported it stands elsewhere."""

    case_id: UUID
    subject_staff_code: str
    subject_unit: str
    kind: str
    occurred_on: date
    reported_on: date
    customer_key: UUID | None = None
    state: CaseState = CaseState.REPORTED
    grade: str | None = None
    penalties: tuple[str, ...] = ()
    last_on: date = date.min
    version: int = 1


def report(case: MisuseCase, policy: MisusePenalties) -> MisuseCase:
    """The new case, if it can be one (R-77); raises UnknownMisuse, Invalid."""
    require_kind(policy, case.kind)
    if case.occurred_on > case.reported_on:
        raise Invalid(
            f"发生日期 {case.occurred_on} 晚于举报日期 {case.reported_on}",
            f"it happened on {case.occurred_on}, after it was reported on {case.reported_on}",
            pointer="/occurred_on",
        )
    return dataclasses.replace(case, last_on=case.reported_on)


def inquire(
    case: MisuseCase, actor: Actor, reporter: str, policy: MisusePenalties, on: date
) -> MisuseCase:
    """The case while somebody inquires (R-77); raises as `decide` does, but for penalties."""
    return _next(case, CaseState.REPORTED, CaseState.UNDER_INQUIRY, actor, reporter, policy, on)


def decide(
    case: MisuseCase,
    actor: Actor,
    reporter: str,
    policy: MisusePenalties,
    grade: str | None,
    penalties: Sequence[str],
    on: date,
) -> MisuseCase:
    """The case with its grade and penalties; no grade when nothing was found (R-77).

    Raises NotTheStage, NotAnInquirer, NotImpartial, UnknownMisuse, PenaltyNotInCatalogue, Invalid.
    """
    chosen = require_penalties(policy, case.kind, grade, penalties)
    decided = _next(case, CaseState.UNDER_INQUIRY, CaseState.DECIDED, actor, reporter, policy, on)
    return dataclasses.replace(decided, grade=grade, penalties=chosen)


def close(
    case: MisuseCase, actor: Actor, reporter: str, policy: MisusePenalties, on: date
) -> MisuseCase:
    """The case once everything that was decided is done (R-77); raises as `inquire` does."""
    return _next(case, CaseState.DECIDED, CaseState.CLOSED, actor, reporter, policy, on)


def require_reader(actor: Actor, policy: MisusePenalties) -> None:
    """Let `actor` learn who reported; raises NotAnInquirer (R-77)."""
    if not actor.roles & set(policy.reporter_reader_roles):
        raise NotAnInquirer(
            f"举报人身份只对 {'、'.join(policy.reporter_reader_roles)} 可见",
            f"only {', '.join(policy.reporter_reader_roles)} may learn who reported",
            roles=list(policy.reporter_reader_roles),
        )


def _next(
    case: MisuseCase,
    before: CaseState,
    after: CaseState,
    actor: Actor,
    reporter: str,
    policy: MisusePenalties,
    on: date,
) -> MisuseCase:
    if not actor.roles & set(policy.inquirer_roles):
        raise NotAnInquirer(
            f"须由 {'、'.join(policy.inquirer_roles)} 调查处理",
            f"{' or '.join(policy.inquirer_roles)} inquire and decide",
            roles=list(policy.inquirer_roles),
        )
    if actor.staff_code in (case.subject_staff_code, reporter):
        raise NotImpartial(
            "被举报人和举报人应当回避",
            "whoever is concerned in a case does not handle it",
        )
    if case.state is not before:
        raise NotTheStage(
            f"案件状态为 {case.state}，此操作要求 {before}",
            f"the case is {case.state}; this step needs {before}",
            state=case.state.value,
        )
    if on < case.last_on:
        raise Invalid(
            f"日期 {on} 早于上一步 {case.last_on}",
            f"{on} lies before the last step, {case.last_on}",
            pointer="/on",
        )
    return dataclasses.replace(case, state=after, last_on=on, version=case.version + 1)
