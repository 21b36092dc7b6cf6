"""Who has left reads no archive any more and is lent nothing: at once, and for good (R-52)."""

from __future__ import annotations

from services.registry.domain.archive import requests as request_domain
from services.registry.domain.archive.access import ArchiveAccess
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.custody import loans as loan_domain
from services.registry.storage.archive import audit, custody, leavers, requests
from shared.policy import in_force
from shared.work import Work

_REASON = "离职 / the reader has left"


async def handle(work: Work, staff_code: str) -> int:
    """End every permission and claim of the person, who has left by today; how many there were.

    A token ends by itself; a permission would come to life again with whoever comes back.
    """
    return await _end_permissions(work, staff_code) + await _end_claims(work, staff_code)


async def _end_permissions(work: Work, staff_code: str) -> int:
    asked = [
        await requests.load(work, each) for each in await leavers.living_requests(work, staff_code)
    ]
    if not asked:
        return 0
    policy = await in_force(work, ArchiveAccess, work.today)
    entries = []
    for request in asked:
        ended = request_domain.ended(request, work.service, work.today)
        await requests.save(work, ended, _REASON, policy.version)
        entries.append(
            audit.entry(
                work,
                AuditAction.REVOKE,
                staff_code=work.service,
                customer_key=ended.customer_key,
                purpose=_REASON,
                permission=f"request:{ended.request_id}",
                details={"reader": staff_code},
            )
        )
    await audit.add(work, entries)
    return len(asked)


async def _end_claims(work: Work, staff_code: str) -> int:
    claimed = await leavers.claims(work, staff_code)
    for loan_id in claimed:
        await custody.load_asset(work, await custody.asset_of(work, loan_id))
        loan = loan_domain.given_up(await custody.load_loan(work, loan_id))
        await custody.save_loan(work, loan, work.today, work.service, _REASON)
    return len(claimed)
