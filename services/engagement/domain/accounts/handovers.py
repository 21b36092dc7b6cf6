"""What changes hands when a customer passes from one manager to another (R-52)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.engagement.domain.complaints.complaints import Complaint
from services.engagement.domain.obligations.cadence import Holder, PlanSince
from services.engagement.domain.obligations.obligations import Obligation, ObligationState


@dataclass(frozen=True)
class Pair:
    """The managers A and B of a customer, by staff code."""

    a: str | None
    b: str | None

    def held_by(self, holder: Holder | None, is_maintained: bool) -> str | None:
        """Who of them has a duty role; the lead is B in maintenance, whoever is there alone."""
        match holder:
            case Holder.A:
                return self.a
            case Holder.B:
                return self.b
            case Holder.LEAD:
                return self.b or self.a if is_maintained else self.a or self.b
            case None:
                return None


@dataclass(frozen=True)
class Succession:
    """One customer that passes from `leaver` to `successor` on `from_on`."""

    customer_key: UUID
    leaver: str
    successor: str
    before: Pair
    after: Pair
    is_maintained: bool
    from_on: date


@dataclass(frozen=True)
class Exempted:
    """One thing that could not be handed over, and why."""

    kind: str
    id: str
    reason: str


def obligations_moved(
    succession: Succession, obligations: Iterable[Obligation], plans: Sequence[PlanSince]
) -> tuple[int, list[Exempted]]:
    """How many open obligations pass to the successor, and those that nobody has any more.

    An obligation follows the managers by itself; here it is only counted. Those due before the day
    stay with the leaver, and so does whatever belongs to a role that no single person has.
    """
    of_version = {plan.version: plan.plan for plan in plans}
    moved, exempted = 0, []
    for obligation in obligations:
        duty = obligation.duty
        plan = of_version.get(duty.plan_version)
        if obligation.state is not ObligationState.DUE or duty.due_on < succession.from_on:
            continue
        holder = plan.duty_role(duty.role).holder if plan else None
        if succession.before.held_by(holder, succession.is_maintained) != succession.leaver:
            continue
        now = succession.after.held_by(holder, succession.is_maintained)
        if now == succession.successor:
            moved += 1
        else:
            name = f"{duty.customer_key}/{duty.code}/{duty.first_on}"
            exempted.append(Exempted("obligations", name, "no-holder"))
    return moved, exempted


def hand_over(
    case: Complaint, successor: str, unit_of_successor: str | None
) -> Complaint | Exempted:
    """The case in the hands of the successor, or why it cannot be; nothing else of it changes.

    `unit_of_successor` None: not at work. A case stays with the unit that answers for it.
    """
    if unit_of_successor is None:
        return Exempted("complaints", str(case.complaint_id), "successor-has-left")
    if case.unit is not None and case.unit != unit_of_successor:
        return Exempted("complaints", str(case.complaint_id), "successor-works-elsewhere")
    return replace(case, handler=successor)
