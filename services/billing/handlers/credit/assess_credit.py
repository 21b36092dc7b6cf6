"""How customers pay and keep their contracts, as a score (B-22, T-01).

By sweep for everybody of whom something fell due, once a month; for one customer whenever somebody
asks. An assessment is a decision: kept with its inputs and the policy, and never altered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.billing.domain.credit.exposure import limit_of
from services.billing.domain.credit.scoring import CreditScoring, assess, period
from services.billing.handlers.credit import watch_exposure
from services.billing.handlers.credit.credit_facts import body_of, credit_assessed, limits_in_force
from services.billing.storage.credit import assessments, behaviour, groups
from services.billing.storage.credit.assessments import Assessment
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.directory import customers, identities, scope
from shared.identifiers import new_id
from shared.policy import NoPolicyInForce, Versioned
from shared.sweeps import Portion
from shared.work import Work

_PORTION = 1000


async def handle(work: Work, customer_key: UUID) -> Assessment:
    """Assess one customer now, whoever it is today. Raises UnapprovedCustomer, OutOfScope."""
    await customers.require_developed(work, customer_key)
    await scope.require(work, customer_key, "money")
    rules = await policy.in_force(work, CreditScoring, work.today)
    roots = await identities.roots(work, [customer_key])
    (assessed,) = await _assess(work, rules, roots.values(), work.today)
    return assessed


async def portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: on the policy's day of the month, the next customers of whom something fell due."""
    try:
        rules = await policy.in_force(work, CreditScoring, on)
    except NoPolicyInForce:
        return Portion(0, None)
    if on.day != rules.body.day_of_month:
        return Portion(0, None)
    due, reached = await behaviour.next_customers(work, after, _PORTION)
    due -= await assessments.swept(work, due, on)
    made = await _assess(work, rules, due, on, only_scored=True)
    return Portion(len(made), reached)


async def _assess(
    work: Work,
    rules: Versioned[CreditScoring],
    customer_keys: Collection[UUID],
    as_of: date,
    *,
    only_scored: bool = False,
) -> Sequence[Assessment]:
    keys = set(customer_keys)
    await customer_books.lock(work, keys)
    from_on, until_on = period(as_of, rules.body.months)
    done = await behaviour.of_period(work, keys, from_on, until_on)
    versions = await assessments.last_versions(work, keys)
    limits = await limits_in_force(work, as_of)
    whose = await groups.groups_of(work, keys)
    standings = {
        each.customer_key: each
        for each in await groups.standings(work, set(whose.values()), as_of, body_of(limits))
    }

    made = []
    for key in sorted(keys):
        scored = assess(done[key], rules.body)
        if only_scored and scored.score is None:
            continue
        standing = standings[whose[key]]
        if key == whose[key]:
            standing = replace(standing, grade=scored.grade)
        made.append(
            Assessment(
                assessment_id=new_id(),
                customer_key=key,
                version=versions.get(key, 0) + 1,
                as_of=as_of,
                from_on=from_on,
                until_on=until_on,
                behaviour=done[key],
                scored=scored,
                policy_version=rules.version,
                limit=limit_of(standing, limits),
                exposure=standing.exposure,
                assessed_by=None if work.caller is None else work.caller.staff_code,
            )
        )

    await assessments.add(work, made)
    for each in made:
        work.publish(credit_assessed(each, work.currency))
    await watch_exposure.watch(work, [each.customer_key for each in made])
    return made
