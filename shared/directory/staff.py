"""Members of staff as registry knows them: unit, roles, and from which day; never a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.contracts.registry import StaffChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work

# Dated state: every version is kept, valid on a day is the highest that took effect by then.
_KEEP = """
INSERT INTO kit.staff_states (staff_code, version, effective_on, unit, roles, state)
SELECT staff_code, version, effective_on, unit, string_to_array(roles, ' '), state
FROM unnest(%s::text[], %s::int4[], %s::date[], %s::text[], %s::text[], %s::text[])
    AS told (staff_code, version, effective_on, unit, roles, state)
ON CONFLICT DO NOTHING
"""

_VALID_ON = """
SELECT DISTINCT ON (staff_code) staff_code, unit, roles, state = 'active' AS is_active
FROM kit.staff_states
WHERE staff_code = ANY(%s::text[]) AND effective_on <= %s::date
ORDER BY staff_code, version DESC
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff on some day."""

    staff_code: str
    unit: str
    roles: frozenset[str]
    is_active: bool


async def follow(work: Work, facts: list[Fact[StaffChanged]]) -> None:
    """Keep every version of every member of staff."""
    told = {(fact.data.staff_code, fact.data.entity.version): fact.data for fact in facts}
    states = [told[key] for key in sorted(told)]
    await work.bulk(
        _KEEP,
        [state.staff_code for state in states],
        [state.entity.version for state in states],
        [state.on for state in states],
        [state.unit for state in states],
        [" ".join(state.roles) for state in states],
        [state.state.value for state in states],
    )


async def on_day(work: Work, staff_codes: Iterable[str], day: date) -> dict[str, Member]:
    """Those of `staff_codes` that registry knows, as they were on `day`, by code."""
    rows = await work.bulk(_VALID_ON, sorted(set(staff_codes)), day)
    return {
        code: Member(code, unit, frozenset(roles), is_active)
        for code, unit, roles, is_active in rows
    }
