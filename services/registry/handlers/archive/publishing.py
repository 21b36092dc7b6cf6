"""What is told of archives: that one is overdue, and never what it says."""

from __future__ import annotations

from services.registry.domain.archive.freshness import Lapse
from shared.contracts import registry as facts
from shared.contracts.envelope import Entity, PolicyRef


def archive_overdue(lapse: Lapse, policy: PolicyRef) -> facts.ArchiveOverdue:
    """A file was not brought up to date in time (R-67)."""
    return facts.ArchiveOverdue(
        entity=Entity(type="archive", id=str(lapse.customer_key), version=lapse.version),
        customer_key=lapse.customer_key,
        as_of=lapse.noticed_on,
        policy=policy,
        inputs={
            "months": lapse.months,
            "counted_from_on": lapse.counted_from_on.isoformat(),
        },
        due_on=lapse.due_on,
        last_updated_on=lapse.updated_on,
        custodian=lapse.custodian,
    )
