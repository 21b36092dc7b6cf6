"""Addresses and what they take: the exact one before the pattern, and 405 with the whole truth."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.routing import BaseRoute, Route


class Resources:
    """The addresses of one application, each with all methods that it takes."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._exact: dict[str, frozenset[str]] = {}
        self._patterns: list[tuple[re.Pattern[str], frozenset[str]]] = []
        by_path: dict[str, tuple[Route, set[str]]] = {}
        for route in routes:
            if isinstance(route, Route):
                by_path.setdefault(route.path, (route, set()))[1].update(route.methods or ())
        for path, (route, methods) in by_path.items():
            if "{" in path:
                self._patterns.append((route.path_regex, frozenset(methods)))
            else:
                self._exact[path] = frozenset(methods)

    def methods(self, path: str) -> frozenset[str] | None:
        """What may be done at `path`; None when there is nothing."""
        exact = self._exact.get(path)
        if exact is not None:
            return exact
        matching = (methods for regex, methods in self._patterns if regex.match(path))
        return next(matching, None)


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
