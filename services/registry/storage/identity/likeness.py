"""Which customers share something with those that are asked about, many at once (R-81)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.domain.identity.likeness import (
    DuplicateDetection,
    Likeness,
    Reason,
    judge,
)
from services.registry.storage.identity import marks
from services.registry.storage.identity.spelling import compared, feature
from services.registry.storage.register.divisions import credit_code
from shared.work import Work

_ALIKE = """
WITH feature (asked, reason, feature) AS MATERIALIZED (
    SELECT * FROM unnest(%s::int4[], %s::text[], %s::int8[])
), mark (asked, kind, mark) AS (
    SELECT * FROM unnest(%s::int4[], %s::text[], %s::bytea[])
), code (asked, code) AS (
    SELECT * FROM unnest(%s::int4[], %s::text[])
), whole (asked, features) AS MATERIALIZED (
    SELECT asked, array_agg(feature) FROM feature GROUP BY asked
), hit (asked, customer_key, reason) AS (
    SELECT whole.asked, held.customer_key, feature.reason
    FROM whole
    JOIN customer_search held ON held.features && whole.features
    JOIN feature ON feature.asked = whole.asked AND feature.feature = ANY (held.features)
    UNION
    SELECT mark.asked, held.customer_key, mark.kind
    FROM mark JOIN contact_marks held ON held.mark = mark.mark AND held.kind = mark.kind
    UNION
    SELECT code.asked, held.customer_key, 'credit-code'
    FROM code JOIN customers held ON held.unified_credit_code = code.code
)
SELECT hit.asked, c.customer_key, coalesce(
           (SELECT owner_unit FROM ownerships owned WHERE owned.customer_key = c.customer_key
            ORDER BY version DESC LIMIT 1), c.declaring_unit),
       kit.may_see(c.customer_key, 'base'),
       array_agg(DISTINCT hit.reason)
FROM hit
LEFT JOIN kit.identities known ON known.customer_key = hit.customer_key
JOIN customers c ON c.customer_key = coalesce(known.root, hit.customer_key)
WHERE c.closed_on IS NULL
GROUP BY hit.asked, c.customer_key
"""


@dataclass(frozen=True, slots=True)
class Described:
    """Somebody who may be a customer, as whoever asks knows it; nothing has to be known."""

    name: str | None = None
    unified_credit_code: str | None = None
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A living customer that may be the one; `centre` is the unit to ask.

    A merged customer shows as its survivor. `is_visible` says whether whoever asks may see it.
    """

    customer_key: UUID
    centre: str
    is_visible: bool
    likeness: Likeness


async def alike(
    work: Work, asked: Sequence[Described], policy: DuplicateDetection
) -> list[list[Alike]]:
    """For each of `asked` the living customers that may be the same, the most alike first (R-81).

    One statement for all of them. What is no credit code and no phone number finds nobody.
    """
    found: list[list[Alike]] = [[] for _ in asked]
    features = [(at, *each) for at, said in enumerate(asked) for each in _features(said, policy)]
    contacts = [(at, *each) for at, said in enumerate(asked) for each in _marks(work, said)]
    codes = [(at, code) for at, said in enumerate(asked) if (code := _code(said))]
    columns = [*_columns(features, 3), *_columns(contacts, 3), *_columns(codes, 2)]
    rows = await work.bulk(_ALIKE, *columns)
    for at, key, centre, is_visible, reasons in rows:
        likeness = judge([Reason(reason) for reason in reasons], policy)
        if likeness is not None:
            found[at].append(Alike(key, centre, is_visible, likeness))
    for each in found:
        each.sort(key=lambda one: (-one.likeness.points, str(one.customer_key)))
    return found


def says_something(asked: Described) -> bool:
    """Whether there is anything in `asked` that could be compared."""
    return bool(
        _code(asked)
        or (asked.name and compared(asked.name).core)
        or any(marks.is_one(marks.PHONE, each) for each in asked.phones)
        or any(marks.is_one(marks.ADDRESS, each) for each in asked.addresses)
    )


def _features(said: Described, policy: DuplicateDetection) -> Iterator[tuple[str, int]]:
    if said.name is None or not (keys := compared(said.name)).core:
        return
    yield Reason.NAME.value, feature("name", keys.full)
    yield Reason.NAME_WITHOUT_FORM.value, feature("core", keys.core)
    yield Reason.NAME_WITHOUT_BRACKETS.value, feature("bare", keys.bare)
    if len(keys.core) >= policy.near_name_minimum_signs:
        for key in keys.near:
            yield Reason.NEAR_NAME.value, feature("near", key)


def _marks(work: Work, said: Described) -> Iterator[tuple[str, bytes]]:
    for kind, texts in ((marks.PHONE, said.phones), (marks.ADDRESS, said.addresses)):
        for text in texts:
            for mark in marks.sought(work, kind, text):
                yield kind, mark


def _code(said: Described) -> str | None:
    return credit_code(said.unified_credit_code)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[at] for row in rows] for at in range(width)]
