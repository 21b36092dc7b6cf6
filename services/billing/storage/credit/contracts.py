"""Framework contracts as registry last published them."""

from __future__ import annotations

from collections.abc import Iterable

from shared.contracts.registry import ContractSigned
from shared.directory.newest import newest
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KEEP = """
INSERT INTO framework_contracts AS held
    (contract_id, customer_key, signed_on, valid_until_on, version)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::int4[])
ON CONFLICT (contract_id) DO UPDATE SET customer_key = excluded.customer_key,
    signed_on = excluded.signed_on, valid_until_on = excluded.valid_until_on,
    version = excluded.version
WHERE held.version < excluded.version
"""


async def keep(work: Work, facts: Iterable[Fact[ContractSigned]]) -> None:
    """Keep each contract where it is newer than what is held."""
    told = newest(facts, lambda contract: contract.contract_id)
    await work.bulk(
        _KEEP,
        [each.contract_id for each in told],
        [each.customer_key for each in told],
        [each.signed_on for each in told],
        [each.valid_until_on for each in told],
        [each.entity.version for each in told],
    )
