"""Name, owner, place and presence of a customer change by application with proof (R-29)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.registry.domain.register.customers import Customer, CustomerState, WrongState
from shared.errors import Conflict, Invalid


class ChangeKind(StrEnum):
    """What is to change: 更名, 过户, 迁移, 暂拆."""

    NAME = "name"
    OWNER = "owner"
    LOCATION = "location"
    REMOVAL = "removal"


class ChangeState(StrEnum):
    """An application is decided once, and performed on its day."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    PERFORMED = "performed"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class ChangeRule:
    """What one kind of change asks for: proof, notice, and who decides."""

    kind: str
    proofs: tuple[str, ...]
    notice_days: int
    decider_roles: tuple[str, ...]


@dataclass(frozen=True)
class ChangeRules:
    """The changes that need a prior application (R-29)."""

    policy_name: ClassVar[str] = "change-applications"

    changes: tuple[ChangeRule, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be; only what belongs to the kind of change is said."""

    name: str | None = None
    unified_credit_code: str | None = None
    division_code: str | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves that the change is called for: the digest of a copy, and where the paper lies."""

    kind: str
    digest: str
    kept_at: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application to change a customer from the day `effective_on`."""

    application_id: UUID
    customer_key: UUID
    kind: ChangeKind
    wanted: Wanted
    effective_on: date
    proof: Proof
    reason: str
    applied_by: str
    applied_at_unit: str
    applied_on: date
    state: ChangeState = ChangeState.SUBMITTED
    decided_by: str | None = None
    decided_on: date | None = None
    decision_reason: str | None = None
    policy_version: int | None = None
    performed_on: date | None = None
    blocked_for: str | None = None
    version: int = 1


class ChangeNotForeseen(Invalid):
    """Policy knows no such change."""

    code = "change-not-foreseen"
    rule = "R-29"
    title_zh = "政策未规定此类变更"
    title_en = "Change not foreseen"


class ProofNotAccepted(Invalid):
    """Policy asks for another proof of such a change."""

    code = "proof-not-accepted"
    rule = "R-29"
    title_zh = "证明材料不符"
    title_en = "Proof not accepted"


class NotInAdvance(Conflict):
    """A change is applied for before it takes place."""

    code = "change-not-in-advance"
    rule = "R-29"
    title_zh = "应事先提出申请"
    title_en = "Not applied for in advance"


_SAID_OF: dict[ChangeKind, tuple[frozenset[str], frozenset[str]]] = {
    ChangeKind.NAME: (frozenset({"name"}), frozenset()),
    ChangeKind.OWNER: (frozenset({"name"}), frozenset({"unified_credit_code"})),
    ChangeKind.LOCATION: (frozenset({"division_code"}), frozenset()),
    ChangeKind.REMOVAL: (frozenset(), frozenset({"until_on"})),
}
"""Of each kind what must be said, and what may be."""


def require_open(customer: Customer) -> Customer:
    """The customer, unless it is closed; raises WrongState."""
    if customer.state is CustomerState.CLOSED:
        raise WrongState(
            "客户已关闭，不再变更",
            "the customer is closed and changes no more",
            state=customer.state.value,
        )
    return customer


def rule_of(policy: ChangeRules, kind: ChangeKind) -> ChangeRule:
    """The rule of the kind; raises ChangeNotForeseen."""
    for rule in policy.changes:
        if rule.kind == kind.value:
            return rule
    raise ChangeNotForeseen(
        f"没有关于 {kind} 的规定", f"policy says nothing about {kind}", pointer="/kind"
    )


def apply(application: Application, customer: Customer, policy: ChangeRules) -> Application:
    """The application, if it may be filed (R-29).

    Raises ChangeNotForeseen, ProofNotAccepted, NotInAdvance, Invalid for what does not belong to
    the kind, WrongState for a closed customer.
    """
    rule = rule_of(policy, application.kind)
    require_open(customer)
    if application.proof.kind not in rule.proofs:
        raise ProofNotAccepted(
            f"须提交 {'、'.join(rule.proofs)} 之一",
            f"one of {', '.join(rule.proofs)} is needed",
            pointer="/proof/kind",
            proofs=list(rule.proofs),
        )
    first = application.applied_on + timedelta(days=rule.notice_days)
    if application.effective_on < first:
        raise NotInAdvance(
            f"{application.effective_on} 早于最早生效日 {first}",
            f"effective on {application.effective_on}, at the earliest on {first}",
            pointer="/effective_on",
            notice_days=rule.notice_days,
        )
    _require_said(application)
    return application


def _require_said(application: Application) -> None:
    said = {name for name, value in dataclasses.asdict(application.wanted).items() if value}
    needed, allowed = _SAID_OF[application.kind]
    for name in sorted((needed - said) | (said - needed - allowed)):
        is_lacking = name in needed
        raise Invalid(
            f"{name} {'须填写' if is_lacking else '与此类变更无关'}",
            f"{name} {'is needed' if is_lacking else 'does not belong to such a change'}",
            pointer=f"/{name}",
        )
    until_on = application.wanted.until_on
    if until_on is not None and until_on < application.effective_on:
        raise Invalid(
            f"截止日 {until_on} 早于生效日",
            f"it ends on {until_on}, before it begins",
            pointer="/until_on",
        )
