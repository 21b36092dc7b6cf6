"""How the lines of a group become one value; a line on its own is a group of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.importing.calculation import Evaluate
from shared.importing.readings import Read

Cells = Sequence[str]
Text = Callable[[Cells], str]


class Gathering(ABC):
    """One field over the lines of a group. What goes wrong is a ValueError, Chinese / English."""

    __slots__ = ()

    @abstractmethod
    def start(self, cells: Cells) -> Any:
        """What is kept after the first line."""

    def add(self, kept: Any, cells: Cells) -> Any:
        """What is kept after one more line."""
        return kept

    def replace(self, kept: Any, cells: Cells) -> Any:
        """What is kept after one more line that comes before all others in the group's order."""
        return self.add(kept, cells)

    @abstractmethod
    def value(self, kept: Any) -> object:
        """The value for the event; None when there is none."""


@dataclass(frozen=True, slots=True)
class Constant(Gathering):
    """What the mapping says, whatever the lines say."""

    constant: object

    def start(self, cells: Cells) -> None:
        return None

    def value(self, kept: None) -> object:
        return self.constant


@dataclass(frozen=True, slots=True)
class First(Gathering):
    """The text of the group's first line."""

    text: Text
    read: Read

    def start(self, cells: Cells) -> str:
        return self.text(cells)

    def replace(self, kept: str, cells: Cells) -> str:
        return self.text(cells)

    def value(self, kept: str) -> object:
        return self.read(kept) if kept else None


@dataclass(frozen=True, slots=True)
class Same(Gathering):
    """A text on which all lines of the group agree."""

    text: Text
    read: Read

    def start(self, cells: Cells) -> str:
        return self.text(cells)

    def add(self, kept: str, cells: Cells) -> str:
        text = self.text(cells)
        if text != kept:
            raise ValueError(
                f"同组各行不一致：{kept} 与 {text} / lines of the group differ: {kept}, {text}"
            )
        return kept

    def value(self, kept: str) -> object:
        return self.read(kept) if kept else None


@dataclass(frozen=True, slots=True)
class Extreme(Gathering):
    """The least or the greatest value of the group; empty cells do not count."""

    text: Text
    read: Read
    choose: Callable[..., Any]

    def start(self, cells: Cells) -> object:
        text = self.text(cells)
        return self.read(text) if text else None

    def add(self, kept: object, cells: Cells) -> object:
        new = self.start(cells)
        return self.choose(one for one in (kept, new) if one is not None) if kept or new else None

    def value(self, kept: object) -> object:
        return kept


@dataclass(frozen=True, slots=True)
class Sum(Gathering):
    """An exact sum over the lines; `finish` rounds it, once."""

    evaluate: Evaluate
    finish: Callable[[Decimal], object]

    def start(self, cells: Cells) -> Decimal:
        return self.evaluate(cells)

    def add(self, kept: Decimal, cells: Cells) -> Decimal:
        return kept + self.evaluate(cells)

    def value(self, kept: Decimal) -> object:
        return self.finish(kept)
