"""Score one batch of a run's customers: scores, explanations and proposals at once (T-29, T-30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.tiering.domain.scoring.assessment import (
    Assessment,
    Known,
    Occasion,
    RecordedScore,
    assess,
    score_id_of,
)
from services.tiering.domain.scoring.runs import Batch
from services.tiering.domain.scoring.unscored import Unscored
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.domain.tiers.transitions import Standing
from services.tiering.handlers.announcements import score_recorded, tier_proposed
from services.tiering.storage.inputs import inputs
from services.tiering.storage.scoring import runs, scores
from services.tiering.storage.tiers import proposals, tiers
from shared.work import Work


async def handle(
    work: Work, occasion: Occasion, customer_keys: Sequence[UUID], is_last: bool
) -> Batch:
    """Score `customer_keys` on `occasion`, with a handful of statements for all of them."""
    known = await _known(work, occasion, customer_keys)
    found = await inputs.gather(work, occasion.scheme, occasion.period, customer_keys)

    assessments: list[Assessment] = []
    unscored: dict[UUID, Unscored] = {}
    for key, taken in found.items():
        if isinstance(taken, Unscored):
            unscored[key] = taken
        else:
            assessments.append(assess(occasion, known[key], taken))

    recorded = [a.score for a in assessments if a.score is not None]
    proposed = [a.proposal for a in assessments if a.proposal is not None]
    withdrawn = [a.withdrawn for a in assessments if a.withdrawn is not None]
    await _save(work, occasion, recorded, proposed, withdrawn, unscored)
    return Batch(
        last_customer_key=customer_keys[-1] if customer_keys else None,
        is_last=is_last,
        scored=len(recorded),
        unchanged=len(assessments) - len(recorded),
        unscored=len(unscored),
        proposed=len(proposed),
    )


async def _known(
    work: Work, occasion: Occasion, customer_keys: Sequence[UUID]
) -> dict[UUID, Known]:
    scheme, cut_off = occasion.scheme.name, occasion.period.cut_off
    ids = {key: score_id_of(key, scheme, cut_off) for key in customer_keys}
    earlier = await scores.earlier(work, list(ids.values()))
    newest: Mapping[UUID, date] = await scores.newest_cut_offs(work, scheme, customer_keys)
    standings = await tiers.standings(work, scheme, customer_keys)
    # What is approved and not in effect yet is decided all the same.
    awaiting = await proposals.awaiting(work, [(key, scheme) for key in customer_keys])
    standings |= {key: Standing(each.decided_tier) for (key, _), each in awaiting.items()}
    undecided = await proposals.open_of(work, scheme, customer_keys)
    before: Mapping[UUID, list[str | None]] = {}
    if occasion.rule.rule.grace_periods:
        before = await scores.earlier_tiers(
            work, scheme, customer_keys, occasion.period.name, cut_off
        )
    return {
        key: Known(
            customer_key=key,
            earlier=earlier.get(ids[key]),
            standing=standings.get(key),
            open_proposal=undecided.get(key),
            newest_cut_off=newest.get(key),
            earlier_tiers=before.get(key, ()),
        )
        for key in customer_keys
    }


async def _save(
    work: Work,
    occasion: Occasion,
    recorded: Sequence[RecordedScore],
    proposed: Sequence[Proposal],
    withdrawn: Sequence[Proposal],
    unscored: Mapping[UUID, Unscored],
) -> None:
    if recorded:
        await scores.add(work, recorded)
    await proposals.save(work, withdrawn)
    await proposals.save(work, proposed)
    await runs.add_unscored(work, occasion.run_id, unscored)
    for score in recorded:
        work.publish(score_recorded(score, work.currency))
    for proposal in (*withdrawn, *proposed):
        work.publish(tier_proposed(proposal, occasion.on))
