"""What an endpoint is given by its route, and what the route learns from it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from shared.http.as_written import signature
from shared.work import Work


class _GivenByTheRoute:
    """Marks the parameter that no caller fills: FastAPI never sees it."""


Reading = Annotated[Work, _GivenByTheRoute]
"""The read-only work of a GET: only what the caller may see exists in it."""
Commanding = Annotated[Work, _GivenByTheRoute]
"""The work of a command: committed before the answer is sent."""


@dataclass(slots=True)
class Turn:
    """One run of an endpoint: the work that it gets, the version of what it answered."""

    work: Work
    version: int | None = None


turn: ContextVar[Turn] = ContextVar("turn")


def prepared(endpoint: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`endpoint` as FastAPI is to see it: with strict dates, and without the work.

    The work comes from the `turn` of the request, which in return learns the `version` of the
    answer, if it has one.
    """
    seen = signature(endpoint)
    given = [name for name, each in seen.parameters.items() if _is_given(each.annotation)]

    @functools.wraps(endpoint)
    async def run(**arguments: Any) -> Any:
        now = turn.get()
        for name in given:
            arguments[name] = now.work
        result = await endpoint(**arguments)
        version = getattr(result, "version", None)
        if type(version) is int:
            now.version = version
        return result

    asked = [each for name, each in seen.parameters.items() if name not in given]
    run.__signature__ = _with(seen, asked)  # type: ignore[attr-defined]  # inspect reads it
    return run


def _is_given(annotation: Any) -> bool:
    return get_origin(annotation) is Annotated and _GivenByTheRoute in get_args(annotation)


def _with(seen: inspect.Signature, asked: list[inspect.Parameter]) -> inspect.Signature:
    by_name = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in asked]
    return seen.replace(parameters=by_name)
