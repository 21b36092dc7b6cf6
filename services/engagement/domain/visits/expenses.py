"""The expense gate: no travel expense is paid before its trip record is in order (E-25, E-26)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.engagement.domain.visits.verification import Verdict
from shared.errors import Conflict, Forbidden, Invalid


class Step(StrEnum):
    """What has to be signed after the written record, in the order of the policy (E-25)."""

    DIRECTOR_SIGNED = "director-signed"
    ENTERED = "entered"
    QUALIFIED = "qualified"


class ExpenseState(StrEnum):
    """Where a claim stands."""

    PENDING = "pending"
    RELEASED = "released"
    WITHHELD = "withheld"


class RecordMissing(Invalid):
    """A qualified written trip record comes before any travel expense."""

    code = "trip-record-missing"
    rule = "E-25"
    title_zh = "缺少出差书面记录"
    title_en = "No written trip record"


class OutOfTurn(Conflict):
    """Another step of the gate comes first."""

    code = "expense-step-out-of-turn"
    rule = "E-25"
    title_zh = "报销签署顺序不符"
    title_en = "Signed out of turn"


class SamePerson(Forbidden):
    """One person may not take two steps of one claim, nor any step of his own."""

    code = "expense-same-person"
    rule = "E-25"
    title_zh = "须由不同的人签署"
    title_en = "Signed by the same person"


class StepForAnotherRole(Forbidden):
    """The step belongs to another role."""

    code = "expense-step-for-another-role"
    rule = "E-25"
    title_zh = "该步骤由其他岗位签署"
    title_en = "The step belongs to another role"


@dataclass(frozen=True)
class GateStep:
    """One step and the roles of which one may take it."""

    step: Step
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ExpenseGate:
    """The steps in order, and what the verification by phone does to a claim.

    With `waits_for_verdict` nothing is released before the trip record was verified; `verdicts`
    are those that release. Any other verdict withholds.
    """

    policy_name: ClassVar[str] = "expense-gate"

    steps: tuple[GateStep, ...]
    waits_for_verdict: bool
    verdicts: tuple[Verdict, ...]

    def __post_init__(self) -> None:
        named = [step.step for step in self.steps]
        if not named or len(set(named)) != len(named):
            raise ValueError("步骤不得为空或重复 / the steps may not be empty nor repeat")


@dataclass(frozen=True)
class Signature:
    """Who took which step."""

    step: Step
    staff_code: str


@dataclass(frozen=True)
class Expense:
    """A claim for one visit. `people` made the visit or wrote its record, the claimant first."""

    expense_id: UUID
    visit_id: UUID
    amount: Decimal
    people: tuple[str, ...]
    signatures: tuple[Signature, ...] = ()
    refused_by: str | None = None
    verdict: Verdict | None = None
    is_verified_by_phone: bool = True
    state: ExpenseState = ExpenseState.PENDING
    version: int = 1

    @property
    def claimant(self) -> str:
        """Staff code of who is to be paid."""
        return self.people[0]


def require_record(content: str) -> None:
    """Raise RecordMissing unless something was written down (E-25)."""
    if not content.strip():
        raise RecordMissing(
            "合格的出差书面记录是报销差旅费的前提；请先填写拜访内容",
            "a written trip record comes before a travel expense; say what happened first",
            pointer="/content",
        )


def next_step(expense: Expense, gate: ExpenseGate) -> GateStep | None:
    """The step whose turn it is; None when all are taken or the claim is decided."""
    if expense.state is not ExpenseState.PENDING:
        return None
    taken = {signature.step for signature in expense.signatures}
    return next((step for step in gate.steps if step.step not in taken), None)


def sign(
    expense: Expense, gate: ExpenseGate, step: Step, staff_code: str, roles: frozenset[str]
) -> Expense:
    """The claim with `step` taken by `staff_code`, in one of whose `roles` it lies.

    Raises OutOfTurn, StepForAnotherRole and SamePerson (E-25).
    """
    _require_turn(expense, gate, step, staff_code, roles)
    signatures = (*expense.signatures, Signature(step, staff_code))
    return replace(expense, signatures=signatures, version=expense.version + 1)


def refuse(
    expense: Expense, gate: ExpenseGate, step: Step, staff_code: str, roles: frozenset[str]
) -> Expense:
    """The claim after the person whose turn it is found its record not in order.

    Raises OutOfTurn, StepForAnotherRole and SamePerson (E-25). `judge` then withholds it.
    """
    _require_turn(expense, gate, step, staff_code, roles)
    return replace(expense, refused_by=staff_code, version=expense.version + 1)


def verified(expense: Expense, verdict: Verdict) -> Expense:
    """The claim once the telephone department has given its verdict (E-26)."""
    return replace(expense, verdict=verdict, version=expense.version + 1)


@dataclass(frozen=True)
class Judgement:
    """What becomes of a claim, and why."""

    state: ExpenseState
    reasons: tuple[str, ...] = ()


def judge(expense: Expense, gate: ExpenseGate) -> Judgement:
    """Whether the claim is released, withheld or still pending, from what is known (E-25, E-26).

    A claim that was released and then found to differ is withheld all the same: the money is to
    be claimed back.
    """
    reasons = []
    if expense.refused_by is not None:
        reasons.append("record-not-qualified")
    if expense.verdict is not None and expense.verdict not in gate.verdicts:
        reasons.append(f"verification-{expense.verdict.value.replace('_', '-')}")
    if reasons:
        if expense.state is ExpenseState.RELEASED:
            reasons.append("already-released")
        return Judgement(ExpenseState.WITHHELD, tuple(reasons))
    if expense.state is not ExpenseState.PENDING:
        return Judgement(expense.state)
    awaits_verdict = (
        gate.waits_for_verdict and expense.is_verified_by_phone and expense.verdict is None
    )
    if next_step(expense, gate) is None and not awaits_verdict:
        return Judgement(ExpenseState.RELEASED)
    return Judgement(ExpenseState.PENDING)


def _require_turn(
    expense: Expense, gate: ExpenseGate, step: Step, staff_code: str, roles: frozenset[str]
) -> None:
    turn = next_step(expense, gate)
    if turn is None or turn.step is not step or expense.refused_by is not None:
        awaited = turn.step.value if turn else expense.state.value
        raise OutOfTurn(
            f"现在不能执行 {step.value}；当前：{awaited}",
            f"it is not the turn of {step.value}; now: {awaited}",
            step=step.value,
            now=awaited,
        )
    if roles.isdisjoint(turn.roles):
        raise StepForAnotherRole(
            f"{step.value} 由 {'、'.join(turn.roles)} 签署",
            f"{step.value} is for {', '.join(turn.roles)}",
            roles=list(turn.roles),
        )
    if staff_code in {*expense.people, *(taken.staff_code for taken in expense.signatures)}:
        raise SamePerson(
            f"{staff_code} 已参与此报销，须由他人签署",
            f"{staff_code} has a part in this claim already; somebody else has to sign",
            staff_code=staff_code,
        )
