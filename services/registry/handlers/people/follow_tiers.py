"""Tiers decide who needs two managers; every version of them is kept (R-48).

Of scores the newest of each scheme is, to put customers of one tier in order (X-05).
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.tiering import ScoreRecorded, TierChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KEEP = """
INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int4[], %s::text[], %s::date[])
ON CONFLICT DO NOTHING
"""
_SCORE = """
INSERT INTO scores AS held (customer_key, scheme, cut_off, as_of, score_id, shown)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::date[], %s::uuid[], %s::numeric[])
ON CONFLICT (customer_key, scheme) DO UPDATE
    SET cut_off = excluded.cut_off, as_of = excluded.as_of, score_id = excluded.score_id,
        shown = excluded.shown
    WHERE (held.cut_off, held.as_of, held.score_id)
        < (excluded.cut_off, excluded.as_of, excluded.score_id)
"""


async def handle(work: Work, facts: list[Fact[TierChanged]]) -> None:
    """Keep every version of every tier; assigning managers asks for the one in force."""
    told = {
        (fact.data.customer_key, fact.data.scheme, fact.data.entity.version): fact.data
        for fact in facts
    }
    ordered = sorted(told.items())
    await work.bulk(
        _KEEP,
        [key for (key, _, _), _ in ordered],
        [scheme for (_, scheme, _), _ in ordered],
        [version for (_, _, version), _ in ordered],
        [tier.after for _, tier in ordered],
        [tier.effective_on for _, tier in ordered],
    )


async def scored(work: Work, facts: list[Fact[ScoreRecorded]]) -> None:
    """Keep the newest score of every customer in every scheme: of the latest day that counts."""
    newest: dict[tuple[UUID, str], ScoreRecorded] = {}
    for score in sorted((fact.data for fact in facts), key=_age):
        newest[(score.customer_key, score.scheme)] = score
    ordered = [score for _, score in sorted(newest.items())]
    await work.bulk(
        _SCORE,
        [score.customer_key for score in ordered],
        [score.scheme for score in ordered],
        [score.cut_off for score in ordered],
        [score.as_of for score in ordered],
        [score.score_id for score in ordered],
        [score.shown for score in ordered],
    )


def _age(score: ScoreRecorded) -> tuple[date, date, UUID]:
    return score.cut_off, score.as_of, score.score_id
