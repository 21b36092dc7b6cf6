"""A credit problem stops investigation and talks, and is reported upwards (R-22)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Organisation


@dataclass(frozen=True)
class CreditSuspension:
    """Who may lift a suspension (R-22)."""

    policy_name: ClassVar[str] = "credit-suspension"

    lifter_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditProblem:
    """Why a customer is suspended, who was told, and how it ended."""

    problem_id: UUID
    customer_key: UUID
    reason: str
    raised_by: str
    raised_at_unit: str
    raised_on: date
    reported_to: str
    noted_by: str | None = None
    noted_on: date | None = None
    lifted_by: str | None = None
    lifted_on: date | None = None
    lifted_for: str | None = None
    version: int = 1


class NotReportedHere(Forbidden):
    """The problem was reported to another centre."""

    code = "credit-problem-not-reported-here"
    rule = "R-22"
    title_zh = "信用问题未上报至本中心"
    title_en = "Credit problem not reported here"


class NotALifter(Forbidden):
    """Only a director of the centre above, who did not raise the problem, lets talks go on."""

    code = "not-a-lifter"
    rule = "R-22"
    title_zh = "无权恢复洽谈"
    title_en = "Not a lifter"


class AlreadyNoted(Conflict):
    """Somebody at the centre above has taken note before, or the problem is over."""

    code = "credit-problem-noted-already"
    rule = "R-22"
    title_zh = "信用问题已处理"
    title_en = "Credit problem noted already"


def raise_problem(
    actor: Actor,
    organisation: Organisation,
    *,
    problem_id: UUID,
    customer_key: UUID,
    reason: str,
    on: date,
) -> CreditProblem:
    """The problem, reported to the next centre above the one that found it (R-22, R-42).

    Above the province nothing stands: it reports to itself.
    """
    centre = organisation.centre_of(actor.unit)
    return CreditProblem(
        problem_id=problem_id,
        customer_key=customer_key,
        reason=reason,
        raised_by=actor.staff_code,
        raised_at_unit=actor.unit,
        raised_on=on,
        reported_to=organisation.next_higher_centre([centre.code]).code,
    )


def note(
    problem: CreditProblem, actor: Actor, organisation: Organisation, on: date
) -> CreditProblem:
    """The problem once the centre above has taken note; raises NotReportedHere, AlreadyNoted."""
    _require_above(problem, actor, organisation)
    if problem.noted_on is not None or problem.lifted_on is not None:
        raise AlreadyNoted(
            f"{problem.noted_on or problem.lifted_on} 已处理",
            f"it was dealt with on {problem.noted_on or problem.lifted_on}",
        )
    _require_later(problem, on)
    return dataclasses.replace(
        problem, noted_by=actor.staff_code, noted_on=on, version=problem.version + 1
    )


def lift(
    problem: CreditProblem,
    actor: Actor,
    organisation: Organisation,
    policy: CreditSuspension,
    on: date,
    reason: str,
) -> CreditProblem:
    """The problem once it is solved; raises NotALifter, NotReportedHere (R-22)."""
    if not actor.roles & set(policy.lifter_roles) or actor.staff_code == problem.raised_by:
        raise NotALifter(
            f"须由提出人以外的 {'、'.join(policy.lifter_roles)} 恢复",
            f"{' or '.join(policy.lifter_roles)} lifts it, not whoever raised it",
            lifter_roles=list(policy.lifter_roles),
        )
    _require_above(problem, actor, organisation)
    _require_later(problem, on)
    return dataclasses.replace(
        problem,
        lifted_by=actor.staff_code,
        lifted_on=on,
        lifted_for=reason,
        version=problem.version + 1,
    )


def _require_above(problem: CreditProblem, actor: Actor, organisation: Organisation) -> None:
    if not organisation.is_within(problem.reported_to, actor.unit):
        raise NotReportedHere(
            f"该问题已上报 {problem.reported_to}",
            f"the problem was reported to {problem.reported_to}",
            reported_to=problem.reported_to,
        )


def _require_later(problem: CreditProblem, on: date) -> None:
    if on < problem.raised_on:
        raise Invalid(
            f"{on} 早于提出日期 {problem.raised_on}",
            f"{on} lies before the problem was raised on {problem.raised_on}",
            pointer="/on",
        )
