"""A proposal, and what is decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.handlers.tiers.deciding import Decision
from shared.auth import Caller
from shared.work import Work
from tests.services.tiering.stories import earn, open_proposals, published_facts, run
from tests.support import cast as people

ELECTRONICS, INSURER = people.ELECTRONICS, people.INSURER

TODAY = date(2026, 3, 16)


async def enter(work: Work, person: people.Person = people.CITY_DIRECTOR) -> None:
    """Somebody of the cast makes the request."""
    work.caller = Caller(person.code, person.unit, frozenset(person.roles))
    await work.run(
        "SELECT kit.enter(:code, :unit, :today)",
        {"code": person.code, "unit": person.unit, "today": work.today},
    )


async def proposed(work: Work, amount: str = "600000.00") -> Proposal:
    """One customer's proposal by the bands of 2012."""
    await earn(work, {ELECTRONICS: amount})
    await run(work)
    await enter(work)
    return (await open_proposals(work))[ELECTRONICS.key]


def decision(proposal: Proposal, **changes: object) -> Decision:
    made = Decision(proposal.proposal_id, proposal.version, people.CITY_DIRECTOR.code)
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's shorthand


async def changed(work: Work) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", await published_facts(work, "tier_changed"))
