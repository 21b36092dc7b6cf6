"""Everything that says how a customer's revenue is shared, as claims (C16)."""

from __future__ import annotations

from decimal import Decimal

from services.registry.domain.belonging.bases import base_claims
from services.registry.domain.belonging.leads import LeadCredit, lead_claims
from services.registry.domain.belonging.ownership import Ownership
from services.registry.domain.belonging.precedence import Claim, DatedPrecedence, SplitPrecedence
from services.registry.domain.belonging.splits import (
    PolicyVersion,
    SplitRule,
    Terms,
    everything_to,
)
from services.registry.domain.belonging.timelines import Span, spans
from services.registry.domain.belonging.type_claims import inherited_claims, type_claims
from services.registry.domain.register.customers import Customer
from services.registry.storage.belonging import bases, ownership, types
from services.registry.storage.belonging.ownership import shares_from_json
from services.registry.storage.centres import organisation
from shared.policy import in_force, timeline
from shared.work import Work

_RULINGS = """
SELECT ruling_id, kind, base, increment, base_amount, effective_on, policy_name, policy_version
FROM rulings WHERE customer_key = :key ORDER BY recorded_at, ruling_id
"""


async def of(work: Work, customer: Customer) -> list[Claim]:
    """What is claimed about the customer, whose row is held; nothing before it has an owner."""
    owners = spans(await ownership.ownerships(work, customer.customer_key))
    if not owners:
        return []
    return [
        *_of_owners(owners),
        *(await _of_lead(work, customer, owners)),
        *(await _of_bases(work, customer)),
        *(await _of_types(work, customer, owners)),
        *(await _of_rulings(work, customer)),
    ]


async def precedences(work: Work) -> list[DatedPrecedence]:
    """Every version of the order of precedence."""
    versions = (await timeline(work, SplitPrecedence)).versions
    if not versions:
        await in_force(work, SplitPrecedence, work.today)  # says that nothing is in force
    return [DatedPrecedence(each.version, each.effective_on, each.body) for each in versions]


def _of_owners(owners: list[Span[Ownership]]) -> list[Claim]:
    return [
        Claim(
            SplitRule.DEFAULT,
            Terms(everything_to(span.held.owner_unit)),
            *(span.from_on, span.until_on, span.held.version),
            inputs={"owner_unit": span.held.owner_unit, "by": span.held.rule.value},
        )
        for span in owners
    ]


async def _of_lead(
    work: Work, customer: Customer, owners: list[Span[Ownership]]
) -> list[Claim]:  # fmt: skip
    branch, approved_on = customer.reporting_branch, customer.approved_on
    if branch is None or approved_on is None:
        return []
    credit = await in_force(work, LeadCredit, approved_on)
    units = await organisation.lineage(work, [branch, *(span.held.owner_unit for span in owners)])
    policy = PolicyVersion(credit.name, credit.version)
    return lead_claims(branch, approved_on, owners, units, credit.body, policy)


async def _of_bases(work: Work, customer: Customer) -> list[Claim]:
    agreements = await bases.agreements(work, customer.customer_key)
    if not agreements:
        return []
    revenue = await bases.revenue_by_year(work, customer.customer_key)
    return base_claims(
        agreements, lambda year: revenue.get(year, Decimal(0)), this_year=work.today.year
    )


async def _of_types(
    work: Work, customer: Customer, owners: list[Span[Ownership]]
) -> list[Claim]:  # fmt: skip
    own = await types.classifications(work, customer.customer_key)
    claims = type_claims(own, await types.provincial(work)) if own else []
    if customer.head_office_key is None:
        return claims
    head_office = await types.classifications(work, customer.head_office_key)
    if not head_office:
        return claims
    units = await organisation.lineage(work, [span.held.owner_unit for span in owners])
    return [*claims, *inherited_claims(head_office, owners, units)]


async def _of_rulings(work: Work, customer: Customer) -> list[Claim]:
    rows = await work.rows(_RULINGS, key=customer.customer_key)
    return [
        Claim(
            SplitRule.RULING,
            Terms(
                shares_from_json(row["base"]),
                shares_from_json(row["increment"]),
                row["base_amount"],
            ),
            row["effective_on"],
            order=number,
            ruling_id=row["ruling_id"],
            inputs={"decided_by": row["kind"]},
            policy=PolicyVersion(row["policy_name"], row["policy_version"]),
        )
        for number, row in enumerate(rows)
    ]
