"""What a validation finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (`error`) or odd (`warning`), with the JSON Pointer of its place."""

    severity: Literal["error", "warning"]
    code: str
    pointer: str
    zh: str
    en: str


def error(code: str, pointer: str, zh: str, en: str) -> Finding:
    """Something that is wrong, with the JSON Pointer of its place."""
    return Finding("error", code, pointer, zh, en)
