"""What became of every fact that another system sent, under the sender's own number.

A fact claims its ref only when it is accepted: the same ref with the same data is then a
duplicate, with other data a conflict. A corrected resend after a refusal takes the ref over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from shared.contracts.envelope import Enterprise, Entity, Event, FactRefusal
from shared.errors import NotFound, Refusal
from shared.messaging.cloudevents import Fact

if TYPE_CHECKING:
    from shared.work import Work

_CLAIM = """
INSERT INTO kit.fates AS fate (system, type, ref, event_id, digest, state, decided_at)
SELECT system, type, ref, event_id, digest, 'accepted', %s::timestamptz
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[])
    AS fact (system, type, ref, event_id, digest)
ON CONFLICT (system, type, ref) DO UPDATE
    SET event_id = excluded.event_id, digest = excluded.digest, state = 'accepted',
        reason = NULL, decided_at = excluded.decided_at
    WHERE fate.state <> 'accepted'
RETURNING system, type, ref
"""

_HELD = """
SELECT system, type, ref, digest FROM kit.fates
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS fact (system, type, ref)
    USING (system, type, ref)
"""

_DECIDE = """
INSERT INTO kit.fates (system, type, ref, event_id, digest, state, reason, decided_at)
SELECT system, type, ref, event_id, digest, state, reason::jsonb, %s::timestamptz
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[])
    AS fact (system, type, ref, event_id, digest, state, reason)
ON CONFLICT (system, type, ref) DO UPDATE
    SET event_id = excluded.event_id, digest = excluded.digest, state = excluded.state,
        reason = excluded.reason, decided_at = excluded.decided_at
"""


class RefConflict(Refusal):
    """The sender's number is taken by an accepted fact that says something else."""

    code = "ref-conflict"
    status = 409
    title_zh = "编号冲突"
    title_en = "The ref is taken"


@dataclass(frozen=True, slots=True)
class Claims:
    """How a batch of refs fared: taken now, said before, or taken by other data."""

    accepted: list[Fact[Event]]
    duplicates: list[Fact[Event]]
    conflicts: list[tuple[Fact[Event], RefConflict]]


Key = tuple[str, str, str]


async def claim(work: Work, facts: Sequence[Fact[Event]]) -> Claims:
    """Claim the refs of `facts` (all from outside), in an order taken from their content.

    Inside a batch the earliest event (time, then id) claims a ref that several want.
    """
    first: dict[Key, Fact[Event]] = {}
    later: list[Fact[Event]] = []
    for fact in sorted(facts, key=_order):
        if first.setdefault(_key(fact), fact) is not fact:
            later.append(fact)
    taken = await _take(work, list(first.values()))
    missed = [fact for key, fact in first.items() if key not in taken]
    held = {key: fact.digest for key, fact in first.items() if key in taken}
    if missed:
        held |= await _held(work, missed)
    claims = Claims([first[key] for key in first if key in taken], [], [])
    for fact in (*missed, *later):
        if held[_key(fact)] == fact.digest:
            claims.duplicates.append(fact)
        else:
            claims.conflicts.append((fact, _conflict(fact)))
    return claims


async def decide(work: Work, outcomes: Sequence[tuple[Fact[Event], str, Refusal | None]]) -> None:
    """Write the fate (`waiting` or `refused`, with the refusal) over the claim of each fact."""
    unique = {_key(fact): (fact, state, refusal) for fact, state, refusal in outcomes}
    if not unique:
        return
    rows = [unique[key] for key in sorted(unique)]
    await work.bulk(
        _DECIDE,
        work.now,
        *_columns([fact for fact, _, _ in rows]),
        [state for _, state, _ in rows],
        [orjson.dumps(reason_of(refusal)).decode() if refusal else None for _, _, refusal in rows],
    )


async def fate(work: Work, system: str, event_type: str, ref: str) -> dict[str, Any]:
    """The fate of one fact: state, reason, event id, instant. Raises NotFound."""
    row = await work.row(
        "SELECT system, type, ref, event_id, state, reason, decided_at FROM kit.fates"
        " WHERE system = :system AND type = :type AND ref = :ref",
        system=system,
        type=event_type,
        ref=ref,
    )
    if row is None:
        raise NotFound(
            f"没有收到过 {system} 的 {event_type} {ref}", f"no {event_type} {ref} of {system} came"
        )
    return dict(row)


def reason_of(refusal: Refusal) -> dict[str, Any]:
    """A refusal as JSON: code, rule, both languages, the field at fault and what was seen."""
    return {
        "code": refusal.code,
        "rule": refusal.rule or None,
        "zh": f"{refusal.title_zh}: {refusal.detail_zh}",
        "en": f"{refusal.title_en}: {refusal.detail_en}",
        "pointer": refusal.pointer,
        "facts": {name: _plain(value) for name, value in refusal.facts.items()},
    }


def refused_fact(
    event: type[FactRefusal], fact: Fact[Event], refusal: Refusal, at: datetime
) -> FactRefusal:
    """What the service tells the sender about `fact`; the full reason is read over HTTP."""
    return event(
        entity=Entity(type="refusal", id=f"{fact.system}/{fact.id}", version=1),
        system=fact.system,
        type=fact.type.split(".")[1],
        ref=fact.ref,
        event_id=fact.id,
        code=refusal.code,
        rule=refusal.rule or None,
        pointer=refusal.pointer,
        title_zh=refusal.title_zh,
        title_en=refusal.title_en,
        refused_at=at,
    )


def _plain(value: object) -> object:
    if isinstance(value, int | bool | None):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _order(fact: Fact[Event]) -> tuple[Key, datetime, str]:
    return _key(fact), fact.time, fact.id


def _key(fact: Fact[Event]) -> Key:
    assert isinstance(fact.data, Enterprise), "only facts from outside have a ref"
    return fact.system, fact.data.event_name, fact.data.ref


def _columns(facts: Sequence[Fact[Event]]) -> tuple[list[Any], ...]:
    keys = [_key(fact) for fact in facts]
    return (
        [system for system, _, _ in keys],
        [event_type for _, event_type, _ in keys],
        [ref for _, _, ref in keys],
        [fact.id for fact in facts],
        [fact.digest for fact in facts],
    )


async def _take(work: Work, facts: Sequence[Fact[Event]]) -> set[Key]:
    rows = await work.bulk(_CLAIM, work.now, *_columns(facts)) if facts else []
    return {(system, event_type, ref) for system, event_type, ref in rows}


async def _held(work: Work, facts: Sequence[Fact[Event]]) -> dict[Key, bytes]:
    rows = await work.bulk(_HELD, *_columns(facts)[:3])
    return {(system, event_type, ref): bytes(digest) for system, event_type, ref, digest in rows}


def _conflict(fact: Fact[Event]) -> RefConflict:
    return RefConflict(
        f"{fact.system} 的编号 {fact.ref} 已被内容不同的事实占用; 先被接受的保持有效",
        f"ref {fact.ref} of {fact.system} belongs to an accepted fact with other content;"
        " what was accepted first stays",
        pointer="/data/ref",
    )
