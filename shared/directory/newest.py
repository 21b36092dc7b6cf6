"""Undated state: the newest version of an entity wins, whatever came first or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from shared.contracts.envelope import Published
from shared.messaging.cloudevents import Fact


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


P = TypeVar("P", bound=Published)
K = TypeVar("K", bound=_Ordered)


def newest(facts: Iterable[Fact[P]], key: Callable[[P], K]) -> list[P]:
    """Of `facts` the highest version for each key, in the order of keys, ready for an upsert."""
    held: dict[Any, P] = {}
    for fact in facts:
        known = held.get(key(fact.data))
        if known is None or known.entity.version < fact.data.entity.version:
            held[key(fact.data)] = fact.data
    return [held[name] for name in sorted(held)]
