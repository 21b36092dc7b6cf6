"""Reports about schemes, runs, scores and proposals, filtered by what the caller may see."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.tiering.domain.schemes.scheme_versions import SchemeVersion
from services.tiering.domain.scoring.runs import Run
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.storage.rows import made_as
from services.tiering.storage.schemes import schemes as stored_schemes
from services.tiering.storage.scoring import runs as stored_runs
from services.tiering.storage.tiers import proposals as stored_proposals
from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER
from shared.http.paging import Keyset, Page, PageRequest
from shared.work import Work

M = TypeVar("M", bound=BaseModel)


async def schemes(
    work: Work,
    page: PageRequest,
    *,
    scheme: str | None,
    state: str | None,
    active_on: date | None,
) -> Page[SchemeVersion]:
    """Versions of schemes; with `active_on` those that are active on that day."""
    return await page.read(
        work,
        f"SELECT {stored_schemes.COLUMNS} FROM schemes"
        " WHERE (CAST(:scheme AS text) IS NULL OR scheme = :scheme)"
        " AND (CAST(:state AS text) IS NULL OR state = :state)"
        " AND (CAST(:on AS date) IS NULL OR (scheme, effective_on) IN ("
        " SELECT active.scheme, max(active.effective_on) FROM schemes active"
        " WHERE active.state = 'active' AND active.effective_on <= :on GROUP BY active.scheme"
        ") AND state = 'active')",
        Keyset("scheme text", "scheme_version integer"),
        stored_schemes.made,
        scheme=scheme,
        state=state,
        on=active_on,
    )


async def score_runs(work: Work, page: PageRequest, *, scheme: str | None) -> Page[Run]:
    """Runs, the latest first (their ids are in the order of time)."""
    return await page.read(
        work,
        f"SELECT {stored_runs.COLUMNS} FROM score_runs"
        " WHERE (CAST(:scheme AS text) IS NULL OR scheme = :scheme)",
        Keyset("run_id uuid", descending=True),
        stored_runs.made,
        scheme=scheme,
    )


async def unscored(work: Work, page: PageRequest, kind: type[M], run_id: UUID) -> Page[M]:
    """Who could not be scored in a run."""
    return await page.read(
        work,
        "SELECT customer_key, reason, detail FROM unscored"
        f" WHERE run_id = :run_id AND {visible('money', 'unscored.customer_key')}",
        Keyset("customer_key uuid"),
        made_as(kind),
        run_id=run_id,
    )


async def scores(
    work: Work,
    page: PageRequest,
    kind: type[M],
    *,
    scheme: str | None,
    cut_off: date | None,
    period: str | None,
    tier: str | None,
    customer_key: UUID | None,
) -> Page[M]:
    """Scores in their newest versions, the highest raw score of the latest cut-off first."""
    return await page.read(
        work,
        "SELECT score_id, version, customer_key, scheme, scheme_version, period, cut_off,"
        " CAST(raw AS text) AS raw, raw AS raw_number, CAST(shown AS text) AS shown, tier,"
        " is_above_range, scored_on,"
        " EXISTS (SELECT FROM stale_scores stale WHERE stale.score_id = scores.score_id"
        " AND stale.version = scores.version) AS is_stale"
        " FROM scores WHERE NOT EXISTS (SELECT FROM scores newer"
        " WHERE newer.score_id = scores.score_id AND newer.version > scores.version)"
        " AND (CAST(:scheme AS text) IS NULL OR scheme = :scheme)"
        " AND (CAST(:cut_off AS date) IS NULL OR cut_off = :cut_off)"
        " AND (CAST(:period AS text) IS NULL OR period = :period)"
        " AND (CAST(:tier AS text) IS NULL OR tier = :tier)"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})"
        f" AND {visible('money', 'scores.customer_key')}",
        Keyset("cut_off date", "raw_number numeric", "score_id uuid", descending=True),
        made_as(kind),
        scheme=scheme,
        cut_off=cut_off,
        period=period,
        tier=tier,
        customer_key=customer_key,
    )


async def proposals(
    work: Work,
    page: PageRequest,
    *,
    scheme: str | None,
    cut_off: date | None,
    state: str | None,
    kind: str | None,
    customer_key: UUID | None,
) -> Page[Proposal]:
    """Proposals of any state, in the order of their ids."""
    return await page.read(
        work,
        f"{stored_proposals.SELECT}"
        " WHERE (CAST(:scheme AS text) IS NULL OR proposals.scheme = :scheme)"
        " AND (CAST(:cut_off AS date) IS NULL OR proposals.cut_off = :cut_off)"
        " AND (CAST(:state AS text) IS NULL OR proposals.state = :state)"
        " AND (CAST(:kind AS text) IS NULL OR proposals.kind = :kind)"
        f" AND (CAST(:customer_key AS uuid) IS NULL OR proposals.customer_key = {SAME_CUSTOMER})"
        f" AND {visible('base', 'proposals.customer_key')}",
        Keyset("proposal_id uuid"),
        stored_proposals.made,
        scheme=scheme,
        cut_off=cut_off,
        state=state,
        kind=kind,
        customer_key=customer_key,
    )
