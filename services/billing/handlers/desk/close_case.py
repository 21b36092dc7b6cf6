"""What is found about money in a wrong account, and how the case is closed (B-36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.domain.desk.cases import Case, Resolution, check_close, check_review
from services.billing.storage.receivables import compliance
from services.billing.storage.receivables.compliance import UnknownCase
from shared.directory import scope
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DecideCase:
    """A finding; with a `resolution` the case is closed."""

    case_id: UUID
    expected_version: int
    finding: str
    resolution: Resolution | None = None
    on: date | None = None


async def handle(work: Work, command: DecideCase) -> UUID:
    """Note the finding, or close the case.

    Raises UnknownCase, OutOfScope, StaleVersion, CaseNotOpen, DutiesNotApart (B-19).
    """
    on = business_day(command.on, work.today)
    case = await compliance.held(work, command.case_id)
    await _require_in_sight(work, case)
    require_version(command.expected_version, case.version)

    check = check_close if command.resolution else check_review
    check(case, work.person.staff_code)

    await compliance.take_step(work, case, command.finding, command.resolution, on)
    return case.case_id


async def _require_in_sight(work: Work, case: Case) -> None:
    if case.customer_key is None:
        raise UnknownCase("付款人尚未知晓", "the payer is not known yet")
    await scope.require(work, case.customer_key, "money")
