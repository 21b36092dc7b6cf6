"""What other systems have seen and nobody was linked with, and whom of ours it may be (R-81)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping

from services.registry.domain.identity.likeness import DuplicateDetection
from services.registry.storage.identity import likeness
from services.registry.storage.identity.likeness import Alike, Described
from services.registry.storage.register import observations
from shared.http.paging import Keyset, Page, PageRequest
from shared.work import Work

Seen = tuple[RowMapping, Sequence[Alike]]

_ORDER = Keyset("system text", "code text")
_AT_ONCE = 500
_LOOKS = 20
_UNLINKED = f"""
SELECT seen.system, seen.code, seen.name, seen.division_code, seen.observed_at,
       seen.unified_credit_code, {observations.PRIVATE_COLUMNS}
FROM observations seen
WHERE NOT EXISTS (SELECT FROM customer_codes held
                  WHERE held.system = seen.system AND held.code = seen.code)
"""


async def page(work: Work, request: PageRequest, policy: DuplicateDetection) -> Page[Seen]:
    """Those who may be one of ours, by everything that is compared of a customer.

    They are compared by hundreds, and not without end for one page: it may be shorter than asked,
    or empty, and yet not the last.
    """
    found: list[Seen] = []
    start = request.start(_ORDER)
    statement = _ORDER.statement(_UNLINKED, bool(start))
    for _ in range(_LOOKS):
        rows = await work.rows(statement, **start, page_limit=_AT_ONCE)
        alike = await likeness.alike(work, [_described(work, row) for row in rows], policy)
        for row, of_ours in zip(rows, alike, strict=True):
            if of_ours:
                found.append((row, of_ours[: policy.shown_at_most]))
            if len(found) == request.size:
                return request.part(found, row, _ORDER)
        if len(rows) < _AT_ONCE:
            return request.part(found, None, _ORDER)
        start = _ORDER.values([rows[-1][name] for name in _ORDER.names])
        statement = _ORDER.statement(_UNLINKED, starts_after_a_row=True)
    return request.part(found, rows[-1], _ORDER)


def _described(work: Work, row: RowMapping) -> Described:
    said = observations.private(work, row)
    phones, addresses = ((said[name],) if said.get(name) else () for name in observations.PRIVATE)
    return Described(row["name"], row["unified_credit_code"], phones, addresses)
