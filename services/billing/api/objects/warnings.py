"""What a person should look at: a part of a deposit that is none before the law (B-12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

Warnings = Annotated[
    list[str], Field(description="须人工留意的事项 / what a person should look at")
]


def of_excess(excess: Decimal | None) -> list[str]:
    """That `excess` yuan of a deposit lie beyond the law's share of the price; none, no warning."""
    if not excess:
        return []
    return [
        f"定金中 {excess} 元超过总价的法定比例，不产生定金效力 /"
        f" {excess} yuan of the deposit lie beyond the law's share of the price and have no"
        " effect of a deposit (B-12)"
    ]
