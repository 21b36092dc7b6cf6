"""An approved change comes true on its day: the customer changes, its history stays (R-29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.registry.domain.actors import Actor
from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    require_open,
)
from services.registry.domain.proof.changes.performing import blocked, performed, renamed
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.register import move_customer, recognise_customer
from services.registry.handlers.register.move_customer import MoveCustomer
from services.registry.storage.proof import changes
from services.registry.storage.register import customers
from shared.errors import Refusal
from shared.work import Work


async def handle(work: Work, application: Application) -> Application:
    """Change the customer as the application says, which is approved and due.

    Raises CustomerExists (R-81) for a credit code that another customer has by now,
    RetiredDivision and SameDivision for a place, WrongState for a closed customer.
    """
    customer = await customers.load(work, application.customer_key)
    if application.kind is ChangeKind.LOCATION:
        await _move(work, customer, application)
    elif application.kind is ChangeKind.REMOVAL:
        await _pause(work, customer, application)
    else:
        await _rename(work, customer, application)
    done = performed(application, work.today)
    await changes.save(work, done)
    return done


async def all_due(work: Work, on: date) -> int:
    """Perform the changes whose day has come; one that a rule forbids by now is blocked."""
    due = await changes.due(work, on)
    for application_id in due:
        await customers.load(work, await changes.customer_of(work, application_id))
        application = await changes.load(work, application_id)
        try:
            async with work.savepoint():
                await handle(work, application)
        except Refusal as refusal:
            reason = f"{refusal.detail_zh} / {refusal.detail_en}"
            await changes.save(work, blocked(application, reason))
    return len(due)


async def _rename(work: Work, customer: Customer, application: Application) -> None:
    code = customer.unified_credit_code
    if application.kind is ChangeKind.OWNER:
        code = await recognise_customer.require_new(
            work, application.wanted.unified_credit_code, customer.head_office_key
        )
    changed, former = renamed(customer, application, code)
    await customers.save(work, changed)
    await changes.add_former_name(work, customer.customer_key, former)
    step = "owner-changed" if application.kind is ChangeKind.OWNER else "renamed"
    await _tell(work, changed, step, application)


async def _move(work: Work, customer: Customer, application: Application) -> None:
    assert application.wanted.division_code is not None, "checked when it was applied for"
    await move_customer.handle(
        work,
        MoveCustomer(
            customer_key=customer.customer_key,
            by=Actor(_decider(application), application.applied_at_unit, frozenset()),
            expected_version=customer.version,
            division_code=application.wanted.division_code,
            reason=application.reason,
            on=application.effective_on,
        ),
    )


async def _pause(work: Work, customer: Customer, application: Application) -> None:
    changed = replace(require_open(customer), version=customer.version + 1)
    await customers.save(work, changed)
    await changes.add_pause(work, application)
    await _tell(work, changed, "service-paused", application)


async def _tell(work: Work, customer: Customer, step: str, application: Application) -> None:
    on, by = application.effective_on, _decider(application)
    await customers.note(work, customer, step, on, by, application.reason)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(customer, codes))


def _decider(application: Application) -> str:
    assert application.decided_by is not None, "an approved application was decided by somebody"
    return application.decided_by
