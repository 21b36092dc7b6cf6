"""The project's own files, as the house rules look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "tiering", "engagement", "billing")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file and its name within the project."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """What the file says."""
        return ast.parse(self.text, self.name)


def python(*folders: str) -> list[Source]:
    """All Python files below `folders` of the project."""
    return [
        Source(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
    ]


def tracked() -> Iterator[tuple[str, str]]:
    """Name and text of every text file that belongs to the project (not ignored by git)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        file = ROOT / name
        if file.is_file():
            content = file.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", errors="replace")


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports; names for `from x import y` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}" if node.module else module + alias.name
