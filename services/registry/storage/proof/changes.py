"""Applications to change a customer, former names, and days without service (R-29)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, insert, update

from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    ChangeState,
    Proof,
    Wanted,
)
from services.registry.domain.proof.changes.performing import FormerName
from services.registry.domain.register.observations import name_key
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_PLAIN = tuple(
    field.name
    for field in dataclasses.fields(Application)
    if field.name not in ("kind", "state", "wanted", "proof")
)


class UnknownApplication(NotFound):
    """No such application, or none that the caller may know of."""

    code = "unknown-change-application"
    rule = "R-29"
    title_zh = "变更申请不存在"
    title_en = "Unknown change application"


async def customer_of(work: Work, application_id: UUID) -> UUID:
    """The customer that is to change; raises UnknownApplication."""
    key: UUID | None = await work.value(
        "SELECT customer_key FROM change_applications WHERE application_id = :id",
        id=application_id,
    )
    if key is None:
        raise UnknownApplication(
            f"没有变更申请 {application_id}", f"there is no application {application_id}"
        )
    return key


async def load(work: Work, application_id: UUID) -> Application:
    """The application, whose customer is held; raises UnknownApplication."""
    await customer_of(work, application_id)
    row = await work.row(
        "SELECT * FROM change_applications WHERE application_id = :id", id=application_id
    )
    assert row is not None, "applications are never deleted"
    return _application(row)


async def due(work: Work, on: date) -> Sequence[UUID]:
    """Approved applications whose day has come, in the order of their customers and days."""
    rows = await work.rows(
        "SELECT application_id FROM change_applications"
        " WHERE state = 'approved' AND performed_on IS NULL AND effective_on <= :on"
        " ORDER BY customer_key, effective_on, application_id",
        on=on,
    )
    return [row["application_id"] for row in rows]


async def add(work: Work, application: Application) -> None:
    """Keep an application that was filed."""
    await work.run(insert(tables.change_applications).values(_row(work, application)))


async def save(work: Work, application: Application) -> None:
    """Keep what became of an application."""
    table = tables.change_applications
    where = table.c.application_id == application.application_id
    row = _row(work, application)
    del row["recorded_at"]
    await work.run(update(table).where(where).values(row))


async def add_former_name(work: Work, customer_key: UUID, former: FormerName) -> None:
    """Keep what the customer was called before."""
    await work.run(
        insert(tables.former_names).values(
            customer_key=customer_key,
            name_key=name_key(former.name),
            recorded_at=work.now,
            **dataclasses.asdict(former),
        )
    )


async def add_pause(work: Work, application: Application) -> None:
    """Keep the days on which the customer has no service."""
    await work.run(
        insert(tables.service_pauses).values(
            application_id=application.application_id,
            customer_key=application.customer_key,
            from_on=application.effective_on,
            until_on=application.wanted.until_on,
            recorded_at=work.now,
        )
    )


def _application(row: RowMapping) -> Application:
    wanted = dict(row["content"])
    if wanted.get("until_on"):
        wanted["until_on"] = date.fromisoformat(wanted["until_on"])
    return Application(
        kind=ChangeKind(row["kind"]),
        state=ChangeState(row["state"]),
        wanted=Wanted(**wanted),
        proof=Proof(
            row["proof_kind"], row["proof_digest"], row["proof_kept_at"], row["proof_number"]
        ),
        **{name: row[name] for name in _PLAIN},
    )


def _row(work: Work, application: Application) -> dict[str, object]:
    wanted = dataclasses.asdict(application.wanted)
    until_on = application.wanted.until_on
    wanted["until_on"] = until_on and until_on.isoformat()
    proof = application.proof
    return {
        **{name: getattr(application, name) for name in _PLAIN},
        "kind": application.kind.value,
        "state": application.state.value,
        "content": {name: value for name, value in wanted.items() if value is not None},
        "proof_kind": proof.kind,
        "proof_digest": proof.digest,
        "proof_kept_at": proof.kept_at,
        "proof_number": proof.number,
        "recorded_at": work.now,
    }
