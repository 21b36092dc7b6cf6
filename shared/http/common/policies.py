"""Policies over HTTP: what holds, what held, and a new version with author, reason and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from shared import policy
from shared.errors import NotFound
from shared.http.routing import Commanding, Reading, Router
from shared.policy_body import InvalidPolicy, Policy, advice_of, stored

_OURS = "ours"


class AdviceOut(BaseModel):
    """What is allowed and probably a mistake."""

    code: str
    rule: str
    zh: str
    en: str


class PolicyVersion(BaseModel):
    """One version of a policy; valid on a day is the highest one in effect by then.

    `advice` is what a person should look at: the version holds all the same.
    """

    name: str
    version: int
    effective_on: date
    body: dict[str, Any]
    author: str
    reason: str
    source: str
    recorded_at: datetime
    advice: list[AdviceOut]


class RecordPolicy(BaseModel):
    """A new version; decimals in `body` are strings."""

    model_config = ConfigDict(extra="forbid")

    effective_on: date
    body: dict[str, Any]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    source: Annotated[str, Field(min_length=1, max_length=300)] = _OURS


def router_for(kinds: Sequence[type[Policy]]) -> Router:
    """The routes for the policies of one service."""
    router = Router(prefix="/v1/policies", tags=["policies"])
    by_name = {kind.policy_name: kind for kind in kinds}

    @router.get("")
    async def listing(work: Reading) -> list[PolicyVersion]:
        """全部政策的现行版本 / of every policy the version in force today"""
        versions = [_in_force(await policy.history(work, name), work.today) for name in by_name]
        return [_shown(version, by_name) for version in versions if version is not None]

    @router.get("/{name}")
    async def in_force(name: str, work: Reading, on: date | None = None) -> PolicyVersion:
        """某日有效的版本，默认今天 / the version in force on a day, today by default"""
        day = on or work.today
        version = _in_force(await policy.history(work, name), day)
        if version is None:
            raise NotFound(f"{day} 没有生效的政策 {name}", f"no policy {name} is in force on {day}")
        return _shown(version, by_name)

    @router.get("/{name}/versions")
    async def versions(name: str, work: Reading) -> list[PolicyVersion]:
        """全部版本，旧者在前 / all versions, oldest first"""
        return [_shown(version, by_name) for version in await policy.history(work, name)]

    @router.post("/{name}", status_code=201, roles={"director", "province_administrator"})
    async def record(name: str, body: RecordPolicy, work: Commanding) -> PolicyVersion:
        """登记新版本；旧版本保留 / add a version; earlier ones stay"""
        if name not in by_name:
            raise NotFound(f"没有政策 {name}", f"there is no policy {name}")
        recorded = await policy.record(
            work,
            by_name[name],
            body.body,
            body.effective_on,
            author=work.person.staff_code,
            reason=body.reason,
            source=body.source,
        )
        history = await policy.history(work, name)
        return _shown(next(each for each in history if each.version == recorded.version), by_name)

    return router


def _in_force(history: Sequence[policy.Recorded], day: date) -> policy.Recorded | None:
    return next((each for each in reversed(history) if each.effective_on <= day), None)


def _shown(recorded: policy.Recorded, by_name: Mapping[str, type[Policy]]) -> PolicyVersion:
    return PolicyVersion(
        name=recorded.name,
        version=recorded.version,
        effective_on=recorded.effective_on,
        body=recorded.body,
        author=recorded.author,
        reason=recorded.reason,
        source=recorded.source,
        recorded_at=recorded.recorded_at,
        advice=_advice(by_name.get(recorded.name), recorded.body),
    )


def _advice(kind: type[Policy] | None, body: Mapping[str, object]) -> list[AdviceOut]:
    """What is to be said of a version; nothing of one whose form nobody reads any more."""
    if kind is None:
        return []
    try:
        found = advice_of(stored(kind, orjson.dumps(body)))
    except InvalidPolicy:
        return []
    return [AdviceOut(code=each.code, rule=each.rule, zh=each.zh, en=each.en) for each in found]
