"""Who may act on an account: the owner, joint developers, and the centres above (R-46)."""

from __future__ import annotations

from collections.abc import Iterable

from shared.errors import Forbidden

from ..actors import Actor
from ..centres.organisation import Organisation


class NotResponsible(Forbidden):
    """Another unit is responsible for this account."""

    code = "another-unit-is-responsible"
    rule = "R-46"
    title_zh = "该客户由其他单位负责"
    title_en = "Another unit is responsible"


def require_responsible(actor: Actor, units: Iterable[str], organisation: Organisation) -> Actor:
    """`actor`, if working for one of `units`, below or above it; raises NotResponsible (R-46)."""
    responsible = list(units)
    if any(organisation.overlap(actor.unit, unit) for unit in responsible):
        return actor
    raise NotResponsible(
        f"该客户由 {'、'.join(responsible)} 负责，{actor.unit} 不得办理",
        f"{' and '.join(responsible)} is responsible for this customer, not {actor.unit}",
        units=responsible,
    )
