"""How a dispute is ruled, by whom and how far (R-37)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.cases.disputes import (
    Dispute,
    DisputeRules,
    DisputeState,
    require_ending,
)

from ..actors import Actor
from ..belonging.splits import Terms
from ..centres.organisation import Organisation
from .dispute_refusals import (
    NotTheJudge,
    RulingOutOfReach,
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the ruling centre decides: the owner, how revenue is shared, and from when."""

    ruling_id: UUID
    owner_unit: str
    effective_on: date
    ruled_on: date
    reason: str
    terms: Terms

    @property
    def units(self) -> frozenset[str]:
        """Every unit that the ruling names."""
        shares = (*self.terms.base, *self.terms.increment)
        return frozenset({self.owner_unit, *(share.unit for share in shares)})


def rule(
    dispute: Dispute,
    actor: Actor,
    organisation: Organisation,
    rules: DisputeRules,
    ruling: Ruling,
    declared_on: date,
) -> Dispute:
    """The dispute, ruled (R-37).

    Raises DisputeClosed, BeforeTheCase, NotTheJudge, RulingOutOfReach.

    The owner and every unit with a share lie in the ruling centre's territory, and the ruling does
    not reach back before the customer was declared. A late ruling is still a ruling.
    """
    require_ending(dispute, ruling.ruled_on)
    _require_judge(dispute, actor, organisation, rules)
    organisation.require_centre(ruling.owner_unit, "/owner_unit")
    for unit in sorted(ruling.units):
        if not organisation.is_within(unit, dispute.ruling_unit):
            raise RulingOutOfReach(
                f"{unit} 不在裁决单位 {dispute.ruling_unit} 的辖区内",
                f"{unit} does not lie in the territory of {dispute.ruling_unit}",
                unit=unit,
            )
    if ruling.effective_on < declared_on:
        raise RulingOutOfReach(
            f"生效日期 {ruling.effective_on} 早于客户申报日期 {declared_on}",
            f"effective {ruling.effective_on}, before the customer was declared on {declared_on}",
            pointer="/effective_on",
        )
    return dataclasses.replace(
        dispute,
        state=DisputeState.RULED,
        ruled_on=ruling.ruled_on,
        version=dispute.version + 1,
    )


def _require_judge(
    dispute: Dispute, actor: Actor, organisation: Organisation, rules: DisputeRules
) -> None:
    if not actor.roles & set(rules.ruler_roles):
        raise NotTheJudge(
            f"裁决须由 {'、'.join(rules.ruler_roles)} 作出",
            f"a ruling is made by {' or '.join(rules.ruler_roles)}",
            ruler_roles=list(rules.ruler_roles),
        )
    if not organisation.is_within(dispute.ruling_unit, actor.unit):
        raise NotTheJudge(
            f"此争议由 {dispute.ruling_unit} 裁决",
            f"this dispute is ruled by {dispute.ruling_unit}",
            ruling_unit=dispute.ruling_unit,
        )
