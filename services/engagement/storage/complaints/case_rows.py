"""A case as it is stored, and how it becomes rows and comes back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.engagement.domain.complaints.clocks import Clock, in_order
from services.engagement.domain.complaints.complaints import Complaint, ComplaintState, Round
from services.engagement.domain.complaints.service_levels import Stage


@dataclass(frozen=True)
class Origin:
    """Where a case comes from; fixed once it is taken in. `disputed`: system, type, ref."""

    channel: str
    recorded_at: datetime
    category: str | None = None
    source_system: str | None = None
    source_ref: str | None = None
    recorded_by: str | None = None
    disputed: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class KeptCase:
    """A case as it is stored; `version` 0 is one that is not stored yet."""

    case: Complaint
    origin: Origin
    clocks: tuple[Clock, ...] = ()
    tier: str | None = None
    levels_version: int | None = None
    version: int = 0

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed; None while something is to be done."""
        return None if self.case.is_open else self.case.present.ended_at


def origin(kept: KeptCase) -> dict[str, Any]:
    """The columns that never change."""
    case, origin = kept.case, kept.origin
    system, type_, ref = origin.disputed or (None, None, None)
    return {
        "customer_key": case.customer_key,
        "source_system": origin.source_system,
        "source_ref": origin.source_ref,
        "kind": case.kind,
        "channel": origin.channel,
        "category": origin.category,
        "occurred_at": case.opened_at,
        "recorded_at": origin.recorded_at,
        "recorded_by": origin.recorded_by,
        "disputed_system": system,
        "disputed_type": type_,
        "disputed_ref": ref,
    }


def state(kept: KeptCase) -> dict[str, Any]:
    """The columns that change."""
    case = kept.case
    return {
        "complaint_id": case.complaint_id,
        "state": case.state.value,
        "level": case.level,
        "unit": case.unit,
        "handler": case.handler,
        "result": case.result,
        "closed_at": kept.closed_at,
        "is_imported": case.is_imported,
        "tier": kept.tier,
        "levels_version": kept.levels_version,
        "version": kept.version,
    }


def round_(kept: KeptCase, each: Round) -> dict[str, Any]:
    """The row of one round."""
    return {
        "complaint_id": kept.case.complaint_id,
        "number": each.number,
        "taken_up_at": each.taken_up_at,
        "assigned_at": each.assigned_at,
        "answered_at": each.answered_at,
        "resolved_at": each.resolved_at,
        "call_backs": each.call_backs,
        "ended_at": each.ended_at,
    }


def clock(kept: KeptCase, running: Clock) -> dict[str, Any]:
    """The row of one running."""
    return {
        "complaint_id": kept.case.complaint_id,
        "round": running.round,
        "stage": running.stage.value,
        "started_at": running.started_at,
        "due_at": running.due_at,
        "is_provisional": running.is_provisional,
        "stopped_at": running.stopped_at,
    }


def kept(row: Any, rounds: Sequence[Any], clocks: Sequence[Any]) -> KeptCase:
    """The case that its rows say, without its words."""
    disputed = (row["disputed_system"], row["disputed_type"], row["disputed_ref"])
    return KeptCase(
        case=Complaint(
            complaint_id=row["complaint_id"],
            kind=row["kind"],
            customer_key=row["customer_key"],
            rounds=tuple(Round(**_without_key(each)) for each in rounds),
            state=ComplaintState(row["state"]),
            level=row["level"],
            unit=row["unit"],
            handler=row["handler"],
            result=row["result"],
            is_imported=row["is_imported"],
        ),
        origin=Origin(
            channel=row["channel"],
            recorded_at=row["recorded_at"],
            category=row["category"],
            source_system=row["source_system"],
            source_ref=row["source_ref"],
            recorded_by=row["recorded_by"],
            disputed=disputed if row["disputed_system"] else None,
        ),
        clocks=in_order(
            Clock(**{**_without_key(each), "stage": Stage(each["stage"])}) for each in clocks
        ),
        tier=row["tier"],
        levels_version=row["levels_version"],
        version=row["version"],
    )


def _without_key(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "complaint_id"}
