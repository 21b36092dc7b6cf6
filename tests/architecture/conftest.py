"""Sizes are reported when the house rules have run, and not judged."""

from __future__ import annotations

import pytest

from tests.architecture.sizes import large_functions, large_modules
from tests.architecture.sources import python


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the report under the results."""
    sources = [s for s in python("shared", "services", "deploy") if "/versions/" not in s.name]
    lengths = sorted(source.text.count("\n") for source in sources)
    terminalreporter.section("sizes (reported, not judged)")
    terminalreporter.line(
        f"{len(lengths)} modules, median {lengths[len(lengths) // 2]} lines,"
        f" 95 % under {lengths[len(lengths) * 95 // 100]}, largest {lengths[-1]}"
    )
    for line in (*large_modules(sources), *large_functions(sources)[:25]):
        terminalreporter.line(f"  {line}")
