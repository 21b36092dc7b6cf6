"""Addresses and what they take: the exact one before the pattern, and 405 with the whole truth."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

Methods = Mapping[str, Route]


class Resources:
    """The addresses of one application, each with the route of every method that it takes."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], dict[str, Route]]]] = {}
        for route in routes:
            if not isinstance(route, Route):
                continue
            methods = dict.fromkeys(route.methods or (), route)
            if "{" not in route.path:
                self._exact.setdefault(route.path, {}).update(methods)
                continue
            alike = self._patterns.setdefault(_fixed_part(route.path), [])
            same = next((each for regex, each in alike if regex == route.path_regex), None)
            if same is None:
                alike.append((route.path_regex, methods))
            else:
                same.update(methods)

    def find(self, path: str) -> Methods | None:
        """What may be done at `path`; None when there is nothing."""
        exact = self._exact.get(path)
        if exact is not None:
            return exact
        first, _, rest = path[1:].partition("/")
        for fixed in (f"{first}/{rest.partition('/')[0]}", first):
            for regex, methods in self._patterns.get(fixed, ()):
                if regex.match(path):
                    return methods
        return None


class Direct(BaseRoute):
    """Goes straight to the route of an address, instead of asking every route in turn."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Full where an API route takes the method; the others are asked in turn."""
        if scope["type"] == "http":
            route = (self._resources.find(scope["path"]) or {}).get(scope["method"])
            if isinstance(route, APIRoute):
                return route.matches(scope)
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that matched answer."""
        await scope["route"].handle(scope, receive, send)


def _fixed_part(path: str) -> str:
    """The segments before the first parameter, two at most: what patterns are filed under."""
    segments = path[1:].split("/")
    fixed = itertools.takewhile(lambda segment: "{" not in segment, segments)
    return "/".join(itertools.islice(fixed, 2))


def in_order_of_exactness(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """`routes` so that an exact segment is tried before a parameter, whatever was written first."""
    return sorted(routes, key=_exactness)


def _exactness(route: BaseRoute) -> tuple[int, ...]:
    path: str = getattr(route, "path", "")
    return tuple(_segment(segment) for segment in path.split("/"))


def _segment(segment: str) -> int:
    if segment.startswith("{"):
        return 2 if segment.endswith(":path}") else 1
    return 0
