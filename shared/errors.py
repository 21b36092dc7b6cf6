"""Refusals: what the suite says when a rule forbids what was asked.

A refusal is permanent. Over HTTP it becomes problem+json (RFC 9457); for a fact it becomes a dead
letter and a fate. Trouble that passes by itself (a lost connection, a deadlock) is never a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is allowed and probably a mistake: a person should look at it."""

    code: str
    rule: str
    zh: str
    en: str


class Refusal(Exception):
    """A rule forbids it. Subclass once per reason and name the rule that the subclass keeps.

    `detail_zh` and `detail_en` say to a person what is wrong with this very input; `pointer` is the
    JSON Pointer of the field at fault; `facts` are what the decision saw (limit, sum, policy
    version …), simple enough for JSON.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    rule: ClassVar[str] = ""
    title_zh: ClassVar[str] = "请求被拒绝"
    title_en: ClassVar[str] = "Refused"

    def __init__(
        self, detail_zh: str, detail_en: str, *, pointer: str | None = None, **facts: object
    ) -> None:
        super().__init__(detail_en)
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        self.pointer = pointer
        self.facts = facts


class Invalid(Refusal):
    """The input contradicts itself or the rules of its own form."""

    code = "invalid"
    title_zh = "输入无效"
    title_en = "Invalid input"


class NotFound(Refusal):
    """No such thing, or none that the caller may know of."""

    code = "not-found"
    status = 404
    title_zh = "未找到"
    title_en = "Not found"


class Forbidden(Refusal):
    """The caller may not do this."""

    code = "forbidden"
    status = 403
    title_zh = "无权操作"
    title_en = "Forbidden"


class Conflict(Refusal):
    """The present state does not allow it."""

    code = "conflict"
    status = 409
    title_zh = "与当前状态冲突"
    title_en = "Conflict"


class StaleVersion(Refusal):
    """Somebody changed the thing since the caller read it."""

    code = "stale-version"
    status = 412
    title_zh = "版本已过期"
    title_en = "Stale version"
