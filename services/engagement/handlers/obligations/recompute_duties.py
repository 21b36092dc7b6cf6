"""Recompute what is owed to customers from all facts about them; publish only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.engagement.domain.accounts.accounts import CustomerFacts, standing
from services.engagement.domain.accounts.dated import valid_on
from services.engagement.domain.obligations.cadence import PlanSince
from services.engagement.domain.obligations.duties import Horizon, derive
from services.engagement.domain.obligations.gaps import TooEarly, too_early
from services.engagement.domain.obligations.obligations import Key, Obligation, Revision, reconcile
from services.engagement.domain.obligations.waking import wake_on
from services.engagement.handlers import announcements
from services.engagement.storage import policies
from services.engagement.storage.accounts import accounts, customer_facts, horizons
from services.engagement.storage.accounts.accounts import Looked
from services.engagement.storage.obligations import obligations
from services.engagement.storage.visits import visits
from services.engagement.storage.visits.visit_rows import KeptVisit
from shared.work import Work


@dataclass
class _Changes:
    obligations: list[Obligation] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)


async def handle(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, TooEarly]:
    """Renew the obligations and visits of these customers; returns warnings by visit (E-13).

    Whoever changes a fact about a customer calls this in the same transaction. Before the first
    sweep of the site nothing is owed yet.
    """
    roots = await accounts.lock(work, customer_keys)
    if not roots:
        return {}
    plans = await policies.cadence_plans(work)
    horizon = await horizons.reached(work)
    by_root = _by_root(await visits.of_customers(work, roots), roots)
    warnings = await _renew_visits(work, plans, by_root)
    contacts = {root: [visit.contact for visit in of] for root, of in by_root.items()}
    facts = await customer_facts.load(work, list(roots), contacts)
    if horizon is not None and plans:
        await _renew_obligations(work, roots, facts, plans, _looking_ahead(horizon, plans))
    return warnings


def _looking_ahead(horizon: Horizon, plans: Sequence[PlanSince]) -> Horizon:
    plan = valid_on(plans, horizon.reached_on)
    return replace(horizon, days_ahead=plan.plan.opens_days_before) if plan else horizon


async def _renew_obligations(
    work: Work,
    roots: dict[UUID, UUID],
    facts: dict[UUID, CustomerFacts],
    plans: Sequence[PlanSince],
    horizon: Horizon,
) -> None:
    kept = await obligations.kept(work, list(roots))
    missed = await obligations.missed(work, list(roots))
    changes = _Changes()
    for key, root in roots.items():
        # What was merged into another is owed nothing itself; the survivor is.
        known = facts[key] if key == root else CustomerFacts(key)
        _look(changes, known, root, kept.get(key, []), missed.get(key, set()), plans, horizon)
    await obligations.save(work, changes.obligations, horizon.reached_on)
    await obligations.revise(work, changes.revisions, horizon.reached_on)
    await accounts.save(work, changes.looked)
    reasons = {each.obligation.key_of_customer: each.reason for each in changes.revisions}
    for obligation in changes.obligations:
        revised = reasons.get(obligation.key_of_customer)
        work.publish(announcements.obligation_changed(obligation, horizon.reached_on, revised))


def _look(
    changes: _Changes,
    known: CustomerFacts,
    root: UUID,
    kept: Sequence[Obligation],
    missed: set[Key],
    plans: Sequence[PlanSince],
    horizon: Horizon,
) -> None:
    duties = derive(known, plans, horizon)
    outcome = reconcile(kept, duties, missed)
    changes.obligations += outcome.changed
    changes.revisions += outcome.revisions
    plan = valid_on(plans, horizon.reached_on)
    changes.looked.append(
        Looked(
            known.customer_key,
            root,
            wake_on(known, plans, duties, horizon),
            max(version.version for version in plans),
            standing(known, plan.plan, horizon.reached_on) if plan else None,
        )
    )


async def _renew_visits(
    work: Work, plans: Sequence[PlanSince], by_root: dict[UUID, list[KeptVisit]]
) -> dict[UUID, TooEarly]:
    """Publish visits that are new, or of which something else is known than before."""
    warnings = {
        warning.visit_id: warning
        for of_customer in by_root.values()
        for warning in too_early(plans, [visit.contact for visit in of_customer])
    }
    changed = [
        renewed
        for of_customer in by_root.values()
        for visit in of_customer
        if (renewed := _as_known_now(visit, visit.contact.visit_id in warnings)) is not None
    ]
    await visits.publish_as(work, changed)
    for visit in changed:
        work.publish(announcements.visit_recorded(visit, work.currency))
    return warnings


def _as_known_now(visit: KeptVisit, is_too_early: bool) -> KeptVisit | None:
    known = (visit.leader_unit, visit.visitors_roles, is_too_early)
    if visit.version and known == (visit.unit, visit.roles, visit.is_too_early):
        return None
    unit, roles, early = known
    return replace(visit, unit=unit, roles=roles, is_too_early=early, version=visit.version + 1)


def _by_root(of_all: Sequence[KeptVisit], roots: dict[UUID, UUID]) -> dict[UUID, list[KeptVisit]]:
    by_root: dict[UUID, list[KeptVisit]] = {}
    for visit in of_all:
        by_root.setdefault(roots[visit.customer_key], []).append(visit)
    return by_root
