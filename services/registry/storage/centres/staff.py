"""Staff: what was reported, and the states that were published; names stay here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from services.registry.domain.centres.staff import (
    PublishedStaff,
    StaffEvent,
    StaffMember,
    StaffReport,
    StaffState,
    member_on,
)
from services.registry.storage import tables
from shared.work import Work


async def lock(work: Work, staff_code: str) -> None:
    """Let one work at a time fold the career of `staff_code`."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('staff ' || :code, 0))", {"code": staff_code}
    )


async def report(work: Work, staff_code: str, event: StaffEvent) -> None:
    """Keep what was reported; the same report twice is one."""
    statement = insert(tables.staff_events).values(
        system=event.system,
        kind=event.kind.value,
        ref=event.ref,
        staff_code=staff_code,
        on=event.on,
        unit=event.unit,
        roles=sorted(event.roles),
        name=event.name,
        recorded_at=work.now,
    )
    await work.run(statement.on_conflict_do_nothing())


async def reports(work: Work, staff_code: str) -> list[StaffEvent]:
    """Everything that was reported about `staff_code`, in no order."""
    rows = await work.rows("SELECT * FROM staff_events WHERE staff_code = :code", code=staff_code)
    return [
        StaffEvent(
            StaffReport(row["kind"]),
            row["on"],
            row["system"],
            row["ref"],
            row["unit"],
            frozenset(row["roles"]),
            row["name"],
        )
        for row in rows
    ]


async def published(work: Work, staff_code: str) -> list[PublishedStaff]:
    """Every state that was told about `staff_code`, by version."""
    rows = await work.rows(
        "SELECT * FROM staff_states WHERE staff_code = :code ORDER BY version", code=staff_code
    )
    return [
        PublishedStaff(
            StaffMember(
                row["staff_code"],
                row["name"],
                row["unit"],
                frozenset(row["roles"]),
                StaffState(row["state"]),
            ),
            row["effective_on"],
            row["version"],
        )
        for row in rows
    ]


async def add(work: Work, states: Sequence[PublishedStaff]) -> None:
    """Add states that are being told."""
    for state in states:
        await work.run(
            insert(tables.staff_states).values(
                staff_code=state.member.code,
                version=state.version,
                effective_on=state.effective_on,
                name=state.member.name,
                unit=state.member.unit,
                roles=sorted(state.member.roles),
                state=state.member.state.value,
                recorded_at=work.now,
            )
        )


async def on_day(work: Work, staff_code: str, on: date, pointer: str) -> StaffMember:
    """Who `staff_code` is on `on`; raises NotOnDuty when nobody of that code is known (R-08)."""
    states = (await moves(work, [staff_code])).get(staff_code, [])
    return member_on(staff_code, states, on, pointer)


async def moves(work: Work, staff_codes: Iterable[str]) -> dict[str, list[PublishedStaff]]:
    """The published states of each of `staff_codes`, by version: where they were and when."""
    rows = await work.rows(
        "SELECT * FROM kit.staff_states WHERE staff_code = ANY(:codes)"
        " ORDER BY staff_code, version",
        codes=sorted(set(staff_codes)),
    )
    found: dict[str, list[PublishedStaff]] = {}
    for row in rows:
        member = StaffMember(
            row["staff_code"], "", row["unit"], frozenset(row["roles"]), StaffState(row["state"])
        )
        found.setdefault(member.code, []).append(
            PublishedStaff(member, row["effective_on"], row["version"])
        )
    return found
