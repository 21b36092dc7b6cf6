"""Text put together from columns: "{Invoice}-{Line}"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_COLUMN = re.compile(r"\{([^{}]+)\}")


def template_text(
    template: str, position: Callable[[str], int]
) -> tuple[Callable[[Sequence[str]], str], list[str]]:
    """The function from the cells of a line to the text, and the columns it needs.

    A line whose columns are all empty gives an empty text.
    """
    fixed = _COLUMN.split(template)[::2]
    named = _COLUMN.findall(template)
    positions = [position(name) for name in named]

    def text(cells: Sequence[str]) -> str:
        found = [cells[index] for index in positions]
        if not any(found):
            return ""
        parts = [fixed[0]]
        for value, following in zip(found, fixed[1:], strict=True):
            parts += [value, following]
        return "".join(parts)

    return text, named
