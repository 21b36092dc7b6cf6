"""Whether the scores behind proposals still stand on what is known today (T-30)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.tiering.domain.periods import period_ending
from services.tiering.domain.scoring.explanation import Document, documents_of
from services.tiering.domain.scoring.staleness import Change, changes, is_another
from services.tiering.domain.scoring.unscored import Unscored
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.storage.inputs import inputs
from services.tiering.storage.schemes import schemes
from services.tiering.storage.scoring import scores
from shared.directory import identities
from shared.work import Work


async def stale(work: Work, proposals: Sequence[Proposal]) -> dict[UUID, list[Change]]:
    """What has changed since under each proposal's score, by proposal; fresh ones are absent.

    Revenue posted or restated, usage, a corrected denominator, another owner, another version of
    the scheme for the period, a merge: all are found by reading the inputs again and comparing.
    """
    groups: dict[tuple[str, int, date], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        groups[proposal.scheme, proposal.scheme_version, proposal.cut_off].append(proposal)
    found: dict[UUID, list[Change]] = {}
    for group in sorted(groups):
        found |= await _stale_of(work, *group, groups[group])
    return found


async def _stale_of(
    work: Work, name: str, scheme_version: int, cut_off: date, group: Sequence[Proposal]
) -> dict[UUID, list[Change]]:
    version = await schemes.one(work, name, scheme_version)
    active = await schemes.active_on(work, name, cut_off)
    if active.scheme_version != scheme_version:
        change = Change("scheme", str(scheme_version), str(active.scheme_version))
        return {proposal.proposal_id: [change] for proposal in group}

    period = period_ending(version.scheme.window, cut_off)
    keys = [proposal.customer_key for proposal in group]
    present = await inputs.gather(work, version.scheme, period, keys)
    stored = await scores.inputs_of(work, [(p.score_id, p.score_version) for p in group])

    roots = await identities.roots(work, keys)

    compared = {
        proposal.proposal_id: changes(
            stored[proposal.score_id, proposal.score_version],
            _documents(present[proposal.customer_key]),
        )
        + is_another(proposal.customer_key, roots[proposal.customer_key])
        for proposal in group
    }
    return {proposal_id: found for proposal_id, found in compared.items() if found}


def _documents(taken: inputs.Inputs | Unscored) -> Document | None:
    return None if isinstance(taken, Unscored) else documents_of(taken)
