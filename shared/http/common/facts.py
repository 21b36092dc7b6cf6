"""What became of a fact that another system sent, under the sender's own number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.errors import Forbidden
from shared.http.routing import Reading, Router
from shared.messaging import fates

router = Router(prefix="/v1/facts", tags=["facts"])

_READERS = frozenset({"operator", "auditor", "province_administrator"})


class Fate(BaseModel):
    """Accepted, waiting or refused, and why."""

    system: str
    type: str
    ref: str
    event_id: str
    state: str
    reason: dict[str, Any] | None
    decided_at: datetime


class ForeignFact(Forbidden):
    """The fate of a fact is told to its sender and to operators."""

    code = "foreign-fact"
    title_zh = "不是贵系统的事实"
    title_en = "Another system's fact"


@router.get("/{system}/{type}/{ref:path}")
async def fate(system: str, type: str, ref: str, work: Reading) -> Fate:
    """一条外部事实的结局；发送方的令牌须有范围 facts:<系统> / the fate of one outside fact"""
    caller = work.caller
    assert caller is not None, "a request has a caller"
    if not (_READERS & caller.roles or f"facts:{system}" in caller.scope):
        raise ForeignFact(
            f"只有系统 {system} 和运维可以查询",
            f"only the system {system} and operators may ask",
        )
    return Fate(**await fates.fate(work, system, type, ref))
