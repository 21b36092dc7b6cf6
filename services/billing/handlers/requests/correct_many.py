"""Corrections that a policy demands: one rule, one decision, each charge its own journal (B-18).

The set is kept when it is asked for, after a preview. Once it is confirmed its charges are worked
through in portions, the first with the decision, the others by sweep; what is done of it stays
done, so it goes on where it stopped. All of it counts on the day of the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.desk.duties import Task, require_central
from services.billing.domain.requests.batches import (
    BatchState,
    ChargeRule,
    CorrectionBatch,
    check_chosen,
    check_due,
    check_rule,
    decided,
    performed,
)
from services.billing.handlers.desk.duty import decider, on_duty
from services.billing.handlers.requests import post_batch
from services.billing.storage.requests import batches
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.sweeps import Portion
from shared.work import Work

_PORTION = 500
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class AskCorrections:
    """A rule, and what its preview showed: so many charges of so many yuan together."""

    rule: ChargeRule
    charges: int
    total: Decimal
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DecideCorrections:
    """What becomes of a batch, and why."""

    batch_id: UUID
    expected_version: int
    state: BatchState
    reason: str
    on: date | None = None


async def handle(work: Work, command: AskCorrections) -> CorrectionBatch:
    """Ask for all that the rule finds in the caller's sight to be corrected.

    Raises NotYourTask (B-18, B-19), InvalidRule, NothingChosen, ChosenOtherwise.
    """
    on = business_day(command.on, work.today)
    duties = await on_duty(work, Task.ISSUING, on)
    by = await decider(work)
    require_central(by.level, duties.body, duties.version)
    check_rule(command.rule, on)
    check_due(command.rule, on)

    batch_id = new_id()
    chosen = await batches.take(work, batch_id, command.rule)
    check_chosen(chosen, command.charges, command.total)

    batch = CorrectionBatch(
        batch_id=batch_id,
        unit=work.person.unit,
        rule=command.rule,
        chosen=chosen,
        state=BatchState.APPLIED,
        applied_by=by.staff_code,
        applied_on=on,
        applied_because=command.reason,
        staff_code=by.staff_code,
        reason=command.reason,
        decided_on=on,
        policy_version=duties.version,
        inputs={"level": by.level},
    )
    await batches.add(work, batch)
    return batch


async def settle(work: Work, command: DecideCorrections) -> CorrectionBatch:
    """Confirm all of it, and post the first portion; or refuse.

    Raises UnknownRequest, StaleVersion, NotYourTask and DutiesNotApart (B-18, B-19),
    RequestNotOpen, DecidedTooEarly, InvalidRule for a supplement that would be due before.
    """
    on = business_day(command.on, work.today)
    batch = await batches.held(work, command.batch_id)
    require_version(command.expected_version, batch.version)
    duties = await on_duty(work, Task.CONFIRMING, on)
    by = await decider(work)
    require_central(by.level, duties.body, duties.version)
    inputs = {"level": by.level}
    after = decided(batch, command.state, by.staff_code, command.reason, on, duties.version, inputs)
    await batches.add(work, after)
    if after.state is BatchState.APPROVED:
        check_due(after.rule, on)
        await _perform(work, after, _FIRST)
    return after


async def portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: post the next charges of a batch that was confirmed, one batch after the other."""
    batch = await batches.next_approved(work, on)
    if batch is None:
        return Portion(0, None)
    done, reached = await _perform(work, batch, after or _FIRST)
    return Portion(done, reached or _FIRST)


async def _perform(work: Work, batch: CorrectionBatch, after: UUID) -> tuple[int, UUID | None]:
    """How many charges were posted, and the last one; None: nothing of the batch is left."""
    chosen = await batches.pending(work, batch.batch_id, after, _PORTION)
    done = await post_batch.handle(work, batch, chosen)
    if len(chosen) == _PORTION:
        return done, chosen[-1].charge_id
    # `after` may have been reached in another batch, which was confirmed before this one.
    if await batches.pending(work, batch.batch_id, _FIRST, 1):
        return done, _FIRST
    await batches.add(work, performed(batch))
    return done, None
