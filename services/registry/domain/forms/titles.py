"""What the tiers of a scheme are called on paper, and in which order they stand (X-05, R-35)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.errors import NotFound


class UnknownScheme(NotFound):
    """No such scheme is among those that this site prints."""

    code = "unknown-scheme"
    rule = "R-35"
    title_zh = "评级方案不存在"
    title_en = "Unknown scheme"


@dataclass(frozen=True)
class TierTitle:
    """A tier and its name on a form."""

    tier: str
    title: str


@dataclass(frozen=True)
class PrintedScheme:
    """A scheme and its tiers, the highest first."""

    scheme: str
    title: str
    tiers: tuple[TierTitle, ...]

    @property
    def order(self) -> list[str]:
        """The tiers, the highest first."""
        return [each.tier for each in self.tiers]

    def name(self, tier: str | None) -> str:
        """What `tier` is called; one that nobody named stands as it is, none is 未定级."""
        if tier is None:
            return "未定级"
        return next((each.title for each in self.tiers if each.tier == tier), tier)


@dataclass(frozen=True)
class PrintedForms:
    """The schemes that forms show; the first is taken when nobody asks for another."""

    policy_name: ClassVar[str] = "printed-forms"

    schemes: tuple[PrintedScheme, ...]

    def scheme(self, wanted: str | None) -> PrintedScheme:
        """The scheme `wanted`, or the first; raises UnknownScheme. A site may have none at all."""
        if wanted is None:
            return self.schemes[0] if self.schemes else PrintedScheme("", "", ())
        found = next((each for each in self.schemes if each.scheme == wanted), None)
        if found is None:
            names = ", ".join(each.scheme for each in self.schemes)
            raise UnknownScheme(
                f"没有评级方案 {wanted}；可选：{names}",
                f"there is no scheme {wanted} to print; there are: {names}",
                known=[each.scheme for each in self.schemes],
            )
        return found
