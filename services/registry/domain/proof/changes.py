"""Name, owner, place and presence of a customer change by application with proof (R-29)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid

from ..actors import Actor
from ..centres.organisation import Organisation
from ..register.customers import Customer, CustomerState, WrongState


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


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a customer was called until a day, with the credit code of that time."""

    version: int
    name: str
    unified_credit_code: str | None
    until_on: date
    application_id: UUID


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


class NotADecider(Forbidden):
    """Somebody else decides about such a change, never the one who applied."""

    code = "not-a-decider-of-changes"
    rule = "R-29"
    title_zh = "无权审批变更"
    title_en = "Not a decider of changes"


class ChangeDecided(Conflict):
    """The application was decided before."""

    code = "change-already-decided"
    rule = "R-29"
    title_zh = "变更申请已作决定"
    title_en = "Change already decided"


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


def approve(
    application: Application,
    actor: Actor,
    organisation: Organisation,
    rule: ChangeRule,
    policy_version: int,
    on: date,
) -> Application:
    """The approved application; raises ChangeDecided, NotADecider (R-29)."""
    _require_decider(application, actor, organisation, rule, on)
    return _decided(application, ChangeState.APPROVED, actor, on, None, policy_version)


def refuse(
    application: Application,
    actor: Actor,
    organisation: Organisation,
    rule: ChangeRule,
    policy_version: int,
    on: date,
    reason: str,
) -> Application:
    """The refused application, with the reason; raises ChangeDecided, NotADecider (R-29)."""
    _require_decider(application, actor, organisation, rule, on)
    return _decided(application, ChangeState.REFUSED, actor, on, reason, policy_version)


def is_due(application: Application, on: date) -> bool:
    """Whether an approved change is to be performed on the day `on`."""
    return application.state is ChangeState.APPROVED and application.effective_on <= on


def performed(application: Application, on: date) -> Application:
    """The application once the customer was changed."""
    return dataclasses.replace(
        application,
        state=ChangeState.PERFORMED,
        performed_on=on,
        version=application.version + 1,
    )


def blocked(application: Application, reason: str) -> Application:
    """The application when the change could not be performed any more; a new one is needed."""
    return dataclasses.replace(
        application,
        state=ChangeState.BLOCKED,
        blocked_for=reason,
        version=application.version + 1,
    )


def renamed(
    customer: Customer, application: Application, credit_code: str | None
) -> tuple[Customer, FormerName]:
    """The customer under its new name, and what it was called before (R-29).

    With another owner the credit code changes too. It is still found under the former name.
    Raises WrongState for a closed customer.
    """
    require_open(customer)
    assert application.wanted.name is not None, "an application for a name says the name"
    is_other_owner = application.kind is ChangeKind.OWNER
    changed = dataclasses.replace(
        customer,
        name=application.wanted.name,
        unified_credit_code=credit_code if is_other_owner else customer.unified_credit_code,
        version=customer.version + 1,
    )
    return changed, FormerName(
        version=changed.version,
        name=customer.name,
        unified_credit_code=customer.unified_credit_code,
        until_on=application.effective_on - timedelta(days=1),
        application_id=application.application_id,
    )


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


def _require_decider(
    application: Application, actor: Actor, organisation: Organisation, rule: ChangeRule, on: date
) -> None:
    if application.state is not ChangeState.SUBMITTED:
        raise ChangeDecided(
            f"申请状态为 {application.state}",
            f"the application is {application.state}",
            state=application.state.value,
        )
    may = (
        bool(actor.roles & set(rule.decider_roles))
        and actor.staff_code != application.applied_by
        and organisation.is_within(application.applied_at_unit, actor.unit)
    )
    if not may:
        raise NotADecider(
            f"须由 {application.applied_at_unit} 或其上级的 {'、'.join(rule.decider_roles)}"
            "（申请人除外）决定",
            f"{' or '.join(rule.decider_roles)} of {application.applied_at_unit} or above decides,"
            " not the one who applied",
            decider_roles=list(rule.decider_roles),
        )
    if on < application.applied_on:
        raise Invalid(
            f"决定日期 {on} 早于申请日期 {application.applied_on}",
            f"decided on {on}, before it was applied for on {application.applied_on}",
            pointer="/on",
        )


def _decided(
    application: Application,
    state: ChangeState,
    actor: Actor,
    on: date,
    reason: str | None,
    policy_version: int,
) -> Application:
    return dataclasses.replace(
        application,
        state=state,
        decided_by=actor.staff_code,
        decided_on=on,
        decision_reason=reason,
        policy_version=policy_version,
        version=application.version + 1,
    )
