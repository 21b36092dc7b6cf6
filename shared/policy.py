"""Policy is data: thresholds, rates and cadences as versions that are only ever added.

A policy is a frozen dataclass of the domain with a class variable `policy_name`. Its versions count
from 1; valid on a day is the highest version with `effective_on` on or before that day. A decision
stores the version that made it (`Versioned.reference`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic

from sqlalchemy import RowMapping

from shared.contracts.envelope import PolicyRef
from shared.errors import NotFound, Refusal
from shared.policy_body import P, parse, stored, to_json

if TYPE_CHECKING:
    from shared.work import Work


class NoPolicyInForce(Refusal):
    """Nothing says what holds on that day: the site has not loaded or recorded this policy."""

    code = "no-policy-in-force"
    status = 409
    title_zh = "没有生效的政策"
    title_en = "No policy in force"


@dataclass(frozen=True)
class Versioned(Generic[P]):
    """One version of a policy, with the day from which it holds."""

    name: str
    version: int
    effective_on: date
    body: P

    @property
    def reference(self) -> PolicyRef:
        """What a decision stores and publishes: name and version."""
        return PolicyRef(name=self.name, version=self.version)


@dataclass(frozen=True)
class Recorded:
    """One row of a policy's history, as it was written: who, when, why, from where."""

    name: str
    version: int
    effective_on: date
    body: dict[str, object]
    author: str
    reason: str
    source: str
    recorded_at: datetime


@dataclass(frozen=True)
class Timeline(Generic[P]):
    """All versions of one policy, for decisions about many days at once: ask it per day."""

    name: str
    versions: tuple[Versioned[P], ...]

    def on(self, day: date) -> Versioned[P]:
        """The version in force on `day`; raises NoPolicyInForce when there is none."""
        for version in reversed(self.versions):
            if version.effective_on <= day:
                return version
        raise _nothing_in_force(self.name, day)

    def changes(self, first: date, last: date) -> list[tuple[date, Versioned[P]]]:
        """What holds from which day between `first` and `last`, both included, in order.

        The first pair starts on `first`; each further one on the day another version takes over.
        """
        starts = {v.effective_on for v in self.versions if first < v.effective_on <= last}
        changes: list[tuple[date, Versioned[P]]] = []
        for day in [first, *sorted(starts)]:
            version = self.on(day)
            if not changes or changes[-1][1] != version:
                changes.append((day, version))
        return changes


async def in_force(work: Work, kind: type[P], on: date) -> Versioned[P]:
    """The version of policy `kind` valid on the day `on`; raises NoPolicyInForce."""
    row = await work.row(
        "SELECT version, effective_on, body::text AS body FROM kit.policies"
        " WHERE name = :name AND effective_on <= :on ORDER BY version DESC LIMIT 1",
        name=kind.policy_name,
        on=on,
    )
    if row is None:
        raise _nothing_in_force(kind.policy_name, on)
    return _version(kind, row)


async def timeline(work: Work, kind: type[P]) -> Timeline[P]:
    """Every version of policy `kind`, in one query, for decisions about several days."""
    rows = await work.rows(
        "SELECT version, effective_on, body::text AS body FROM kit.policies"
        " WHERE name = :name ORDER BY version",
        name=kind.policy_name,
    )
    return Timeline(kind.policy_name, tuple(_version(kind, row) for row in rows))


async def of_version(work: Work, kind: type[P], version: int) -> Versioned[P]:
    """The very version that an earlier decision names; raises NotFound."""
    row = await work.row(
        "SELECT version, effective_on, body::text AS body FROM kit.policies"
        " WHERE name = :name AND version = :version",
        name=kind.policy_name,
        version=version,
    )
    if row is None:
        raise NotFound(
            f"政策 {kind.policy_name} 没有第 {version} 版",
            f"policy {kind.policy_name} has no version {version}",
        )
    return _version(kind, row)


async def history(work: Work, name: str) -> list[Recorded]:
    """Every version of the policy called `name`, oldest first; empty when it was never recorded."""
    rows = await work.rows(
        "SELECT name, version, effective_on, body, author, reason, source, recorded_at"
        " FROM kit.policies WHERE name = :name ORDER BY version",
        name=name,
    )
    return [Recorded(**row) for row in rows]


async def record(
    work: Work,
    kind: type[P],
    body: Mapping[str, object],
    effective_on: date,
    *,
    author: str,
    reason: str,
    source: str,
) -> Versioned[P]:
    """Add the next version of policy `kind`; raises InvalidPolicy when `body` has another form.

    Earlier versions stay as they are: a correction is a newer version with the same day. Two
    people who record at the same moment get two versions, one after the other.
    """
    return await record_parsed(
        work,
        parse(kind, body),
        effective_on,
        author=author,
        reason=reason,
        source=source,
    )


async def record_parsed(
    work: Work, body: P, effective_on: date, *, author: str, reason: str, source: str
) -> Versioned[P]:
    """As `record`, for a policy that is already an object of the domain."""
    name = body.policy_name
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('policy ' || :name, 0))", {"name": name}
    )
    version = await work.value(
        "INSERT INTO kit.policies"
        " (name, version, effective_on, body, author, reason, source, recorded_at)"
        " SELECT CAST(:name AS text), coalesce(max(version), 0) + 1, :effective_on,"
        " CAST(:body AS jsonb), :author, :reason, :source, :recorded_at"
        " FROM kit.policies WHERE name = :name RETURNING version",
        name=name,
        effective_on=effective_on,
        body=to_json(body),
        author=author,
        reason=reason,
        source=source,
        recorded_at=work.now,
    )
    return Versioned(name, version, effective_on, body)


def _version(kind: type[P], row: RowMapping) -> Versioned[P]:
    body = stored(kind, row["body"].encode())
    return Versioned(kind.policy_name, row["version"], row["effective_on"], body)


def _nothing_in_force(name: str, day: date) -> NoPolicyInForce:
    return NoPolicyInForce(
        f"{day} 没有生效的政策 {name}；请先加载预设或登记政策",
        f"policy {name} is not in force on {day}; load a preset or record one first",
        policy=name,
        on=day.isoformat(),
    )
