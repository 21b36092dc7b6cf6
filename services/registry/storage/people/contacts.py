"""Contacts: who of us was in touch with whom, as other systems logged it and engagement recorded.

Newest version wins, so neither order nor repetition matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.work import Work

_KEEP = """
INSERT INTO contacts AS held (contact_id, customer_key, source, version, channel, direction,
                              company_channel, staff_codes, occurred_at, occurred_on, recorded_at)
SELECT contact_id, customer_key, source, version, channel, direction, company_channel,
       string_to_array(staff_codes, chr(31)), occurred_at, occurred_on, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int4[], %s::text[], %s::text[], %s::bool[],
            %s::text[], %s::timestamptz[], %s::date[])
    AS told (contact_id, customer_key, source, version, channel, direction, company_channel,
             staff_codes, occurred_at, occurred_on)
ON CONFLICT (contact_id) DO UPDATE
    SET customer_key = excluded.customer_key, version = excluded.version,
        channel = excluded.channel, direction = excluded.direction,
        company_channel = excluded.company_channel, staff_codes = excluded.staff_codes,
        occurred_at = excluded.occurred_at, occurred_on = excluded.occurred_on
    WHERE held.version < excluded.version
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact; `company_channel` is None face to face, `source` is logged or visit."""

    contact_id: UUID
    customer_key: UUID
    source: str
    version: int
    channel: str
    direction: str
    company_channel: bool | None
    staff_codes: tuple[str, ...]
    occurred_at: datetime
    occurred_on: date


async def keep(work: Work, contacts: Sequence[Contact]) -> None:
    """Keep these contacts, each in its newest version."""
    newest: dict[UUID, Contact] = {}
    for each in sorted(contacts, key=lambda each: each.version):
        newest[each.contact_id] = each
    told = [newest[key] for key in sorted(newest)]
    if not told:
        return
    await work.bulk(
        _KEEP,
        work.now,
        [each.contact_id for each in told],
        [each.customer_key for each in told],
        [each.source for each in told],
        [each.version for each in told],
        [each.channel for each in told],
        [each.direction for each in told],
        [each.company_channel for each in told],
        ["\x1f".join(each.staff_codes) for each in told],
        [each.occurred_at for each in told],
        [each.occurred_on for each in told],
    )
