"""Sizes that make us feel uneasy."""

from __future__ import annotations

import ast

from tests.architecture.sources import Source

LARGE_MODULE = 250
LARGE_FUNCTION = 50
LARGE_HANDLER = 30


def large_modules(sources: list[Source]) -> list[str]:
    """Modules over the size, the largest first."""
    sizes = sorted(((each.text.count("\n"), each.name) for each in sources), reverse=True)
    return [f"{name}: {lines} lines" for lines, name in sizes if lines > LARGE_MODULE]


def large_functions(sources: list[Source]) -> list[str]:
    """Functions over the size (smaller for those in handlers/), the largest first."""
    found = []
    for source in sources:
        limit = LARGE_HANDLER if "/handlers/" in source.name else LARGE_FUNCTION
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > limit:
                    found.append((lines, f"{source.name}:{node.lineno} {node.name}: {lines} lines"))
    return [text for _, text in sorted(found, reverse=True)]
