"""Customers that other systems have seen, as they last described them; private values sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import RowMapping

from services.registry.domain.register.observations import name_key
from services.registry.storage.archive import vault
from services.registry.storage.identity import marks
from services.registry.storage.register.divisions import credit_code
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.messaging.cloudevents import Fact
from shared.work import Work

PRIVATE = ("phone", "address")
"""Fields that are kept sealed (R-74)."""
PRIVATE_COLUMNS = "seen.phone, seen.address, seen.sealed"
"""SQL for what `private` needs, from `observations seen`."""

_KEEP = """
INSERT INTO observations AS held
    (system, code, name, name_key, unified_credit_code, sealed, sealed_with, sealed_fields,
     division_code, industry, observed_at, ref)
SELECT system, code, name, name_key, credit_code, sealed,
       CASE WHEN sealed IS NOT NULL THEN %s::text END, string_to_array(fields, ' '),
       division_code, industry, observed_at, ref
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[],
            %s::text[], %s::text[], %s::timestamptz[], %s::text[])
    AS told (system, code, name, name_key, credit_code, sealed, fields,
             division_code, industry, observed_at, ref)
ON CONFLICT (system, code) DO UPDATE
    SET name = excluded.name, name_key = excluded.name_key,
        unified_credit_code = excluded.unified_credit_code, phone = NULL, address = NULL,
        sealed = excluded.sealed, sealed_with = excluded.sealed_with,
        sealed_fields = excluded.sealed_fields, division_code = excluded.division_code,
        industry = excluded.industry, observed_at = excluded.observed_at, ref = excluded.ref
    WHERE (held.observed_at, held.ref) < (excluded.observed_at, excluded.ref)
"""
_STALE = f"""
SELECT system, code, {PRIVATE_COLUMNS} FROM observations seen
WHERE phone IS NOT NULL OR address IS NOT NULL OR sealed_with < :newest OR sealed_with > :newest
LIMIT :most FOR UPDATE SKIP LOCKED
"""
_RESEAL = """
UPDATE observations held SET phone = NULL, address = NULL, sealed = fresh.sealed,
    sealed_with = %s::text, sealed_fields = string_to_array(fresh.fields, ' ')
FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[])
    AS fresh (system, code, sealed, fields)
WHERE held.system = fresh.system AND held.code = fresh.code
"""


async def keep(work: Work, facts: Sequence[Fact[CustomerObserved] | Fact[CustomerOpened]]) -> None:
    """Keep what systems say of their customers; the latest by its own time and ref holds."""
    latest: dict[tuple[str, str], Fact[CustomerObserved] | Fact[CustomerOpened]] = {}
    for fact in sorted(facts, key=lambda each: (each.time, each.data.ref)):
        latest[(fact.system, fact.data.code)] = fact
    if latest:
        rows = [
            _row(work, fact.system, fact.data, fact.time)
            for _, fact in sorted(latest.items(), key=lambda item: item[0])
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        await work.bulk(_KEEP, work.box.newest, *columns)


async def unlinked_with(
    work: Work, credit_codes: Iterable[str]
) -> dict[str, list[tuple[str, str]]]:
    """The (system, code) pairs seen with each credit code and not cross-referenced yet."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await work.rows(
        "SELECT unified_credit_code, system, code FROM observations seen"
        " WHERE unified_credit_code = ANY(:codes)"
        " AND NOT EXISTS (SELECT FROM customer_codes held"
        "                 WHERE held.system = seen.system AND held.code = seen.code)"
        " ORDER BY system, code",
        codes=sorted(set(credit_codes)),
    ):
        found.setdefault(row["unified_credit_code"], []).append((row["system"], row["code"]))
    return found


async def keep_marks(work: Work, holders: Mapping[tuple[str, str], UUID]) -> None:
    """Let customers be found by the phone and address told under their codes, if any were (R-81).

    `holders` are customers by (system, code); what was told last of each counts, whichever of the
    observation and the cross-reference came first.
    """
    records = []
    for row in await work.rows(
        f"SELECT seen.system, seen.code, {PRIVATE_COLUMNS} FROM observations seen"
        " JOIN unnest(CAST(:systems AS text[]), CAST(:codes AS text[])) AS asked (system, code)"
        " ON asked.system = seen.system AND asked.code = seen.code",
        systems=[system for system, _ in holders],
        codes=[code for _, code in holders],
    ):
        said = private(work, row)
        phones, addresses = ([said[name]] if said.get(name) else [] for name in PRIVATE)
        key = holders[(row["system"], row["code"])]
        source = f"{row['system']}:{row['code']}"
        records.append(marks.Record(key, source, phones=phones, addresses=addresses))
    await marks.keep_many(work, records)


def private(work: Work, row: RowMapping) -> dict[str, str]:
    """The phone and the address, as far as known, of a row with PRIVATE_COLUMNS.

    Raises SealedForUs.
    """
    plain = {name: str(row[name]) for name in PRIVATE if row[name] is not None}
    if plain or row["sealed"] is None:
        return plain
    return {name: str(said) for name, said in vault.opened(work, row).items()}


async def reseal(work: Work, at_most: int) -> int:
    """Seal `at_most` rows that an older key sealed, or none; how many there were (R-74).

    Replicas share the work. Raises SealedForUs when the older key was dropped too early.
    """
    rows = await work.rows(_STALE, newest=work.box.newest, most=at_most)
    if rows:
        said = [private(work, row) for row in rows]
        await work.bulk(
            *(_RESEAL, work.box.newest),
            [row["system"] for row in rows],
            [row["code"] for row in rows],
            [_sealed(work, each) for each in said],
            [" ".join(each) for each in said],
        )
    return len(rows)


def _row(
    work: Work, system: str, seen: CustomerObserved | CustomerOpened, observed_at: datetime
) -> tuple[object, ...]:
    private = {name: value for name in PRIVATE if (value := getattr(seen, name))}
    return (
        *(system, seen.code, seen.name, name_key(seen.name)),
        *(credit_code(seen.unified_credit_code), _sealed(work, private), " ".join(private)),
        *(seen.division_code, seen.industry, observed_at, seen.ref),
    )


def _sealed(work: Work, said: dict[str, str]) -> bytes | None:
    return work.box.seal(orjson.dumps(said)) if said else None
