"""An approved change on its day: the customer as it is from then on, and what it was (R-29)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    ChangeState,
    require_open,
)
from services.registry.domain.register.customers import Customer


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a customer was called until a day, with the credit code of that time."""

    version: int
    name: str
    unified_credit_code: str | None
    until_on: date
    application_id: UUID


def is_due(application: Application, on: date) -> bool:
    """Whether an approved change is to be performed on the day `on`."""
    return application.state is ChangeState.APPROVED and application.effective_on <= on


def performed(application: Application, on: date) -> Application:
    """The application once the customer was changed."""
    return dataclasses.replace(
        application,
        state=ChangeState.PERFORMED,
        performed_on=on,
        version=application.version + 1,
    )


def blocked(application: Application, reason: str) -> Application:
    """The application when the change could not be performed any more; a new one is needed."""
    return dataclasses.replace(
        application,
        state=ChangeState.BLOCKED,
        blocked_for=reason,
        version=application.version + 1,
    )


def renamed(
    customer: Customer, application: Application, credit_code: str | None
) -> tuple[Customer, FormerName]:
    """The customer under its new name, and what it was called before (R-29).

    With another owner the credit code changes too. It is still found under the former name.
    Raises WrongState for a closed customer.
    """
    require_open(customer)
    assert application.wanted.name is not None, "an application for a name says the name"
    is_other_owner = application.kind is ChangeKind.OWNER
    changed = dataclasses.replace(
        customer,
        name=application.wanted.name,
        unified_credit_code=credit_code if is_other_owner else customer.unified_credit_code,
        version=customer.version + 1,
    )
    return changed, FormerName(
        version=changed.version,
        name=customer.name,
        unified_credit_code=customer.unified_credit_code,
        until_on=application.effective_on - timedelta(days=1),
        application_id=application.application_id,
    )
