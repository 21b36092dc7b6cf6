"""The posts of a centre as data: who should be there, and who stands where none belongs (R-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from .organisation import Level
from .staff import ROLES


@dataclass(frozen=True)
class Post:
    """A post: its names, the role that it gives in the suite, and how many a centre needs."""

    post: str
    zh: str
    en: str
    role: str
    levels: tuple[str, ...]
    """Levels of units at which the post exists."""
    minimum: int
    """How many every centre needs, at least; zero where it may be left empty."""
    is_part_time: bool = False
    """Whether it stands beside another occupation."""


@dataclass(frozen=True)
class CentrePosts:
    """The posts that a site has (R-08)."""

    policy_name: ClassVar[str] = "centre-posts"

    posts: tuple[Post, ...]

    def __post_init__(self) -> None:
        unknown = sorted({post.role for post in self.posts} - ROLES)
        if unknown:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        levels = {level for post in self.posts for level in post.levels} - set(Level)
        if levels:
            raise ValueError(f"no such level: {', '.join(sorted(levels))}")


@dataclass(frozen=True, slots=True)
class Staffing:
    """How one post of a unit is filled: too few, or people where the post does not exist."""

    post: str
    zh: str
    en: str
    held: int
    minimum: int
    is_misplaced: bool


def staffing(level: Level, held: Mapping[str, int], policy: CentrePosts) -> list[Staffing]:
    """What is wrong with the posts of a unit at `level`, by post (R-08); empty when nothing is.

    `held` counts the people on duty by role.
    """
    return [found for found in _all(level, held, policy.posts) if _is_wrong(found)]


def _all(level: Level, held: Mapping[str, int], posts: Iterable[Post]) -> Iterable[Staffing]:
    for post in posts:
        count = held.get(post.role, 0)
        exists = level.value in post.levels
        yield Staffing(
            *(post.post, post.zh, post.en, count),
            minimum=post.minimum if exists else 0,
            is_misplaced=not exists and count > 0,
        )


def _is_wrong(found: Staffing) -> bool:
    return found.is_misplaced or found.held < found.minimum
