"""How complete a part is: the share of the fields that the policy asks for (R-69)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, ClassVar

from .content import Apart, field_names, together
from .parts.fields import PARTS, Section
from .shapes import KINDS

_SHARE = Decimal("0.0001")


@dataclass(frozen=True)
class ArchiveCompleteness:
    """Which fields a part has to have, by pointer; `*` stands for every entry of a list.

    `/people/*/phone` is there when there is at least one person and each has a phone.
    """

    policy_name: ClassVar[str] = "archive-completeness"

    required: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        for name, pointers in self.required.items():
            if name not in PARTS:
                raise ValueError(f"档案没有部分 {name} / an archive has no part {name}")
            unknown = sorted(set(pointers) - field_names(KINDS[Section(name)]))
            if unknown:
                raise ValueError(
                    f"{name} 没有字段 {'、'.join(unknown)} / {name} has no {', '.join(unknown)}"
                )

    def of(self, section: Section) -> tuple[str, ...]:
        """The pointers that a part has to have, sorted; none for a part that is not named."""
        return tuple(sorted(set(self.required.get(section.value, ()))))


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the required fields are there, and which are not."""

    required: int
    missing: tuple[str, ...]

    @property
    def share(self) -> Decimal:
        """Fraction of one, rounded down to four places; a part of which nothing is asked is whole.

        Rounded down, so that only a part without any gap is shown as 1.
        """
        if not self.required:
            return Decimal(1)
        filled = Decimal(self.required - len(self.missing))
        return (filled / self.required).quantize(_SHARE, rounding=ROUND_DOWN)


def measure(section: Section, content: Apart, policy: ArchiveCompleteness) -> Completeness:
    """Compare a part with what the policy asks for (R-69)."""
    whole = together(content.open, content.secrets)
    required = policy.of(section)
    missing = tuple(each for each in required if not _is_there(whole, each.split("/")[1:]))
    return Completeness(len(required), missing)


def nothing_yet(section: Section, policy: ArchiveCompleteness) -> Completeness:
    """A part that nobody has written lacks everything."""
    required = policy.of(section)
    return Completeness(len(required), required)


def _is_there(value: Any, path: Sequence[str]) -> bool:
    if not path:
        return value not in (None, "", [], {})
    step, *rest = path
    if step == "*":
        return bool(value) and all(_is_there(each, rest) for each in value)
    return isinstance(value, dict) and _is_there(value.get(step), rest)
