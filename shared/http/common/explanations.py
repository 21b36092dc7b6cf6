"""What the `type` of a problem leads to: the reason in both languages, and the rule behind it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from shared.errors import Refusal
from shared.http import problems

router = APIRouter(tags=["problems"])


class Explanation(BaseModel):
    """A kind of problem."""

    code: str
    status: int
    rule: str | None
    title_zh: str
    title_en: str
    explanation: str


@router.get("/problems/{code}", response_model=Explanation, responses={404: {"description": "无"}})
async def explain(code: str, request: Request) -> Explanation | Response:
    """说明一种问题 / explain a kind of problem"""
    for kind in _kinds(Refusal):
        if kind.code == code:
            return Explanation(
                code=kind.code,
                status=kind.status,
                rule=kind.rule or None,
                title_zh=kind.title_zh,
                title_en=kind.title_en,
                explanation=inspect.getdoc(kind) or "",
            )
    return problems.respond(request, problems.of_status(404))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
