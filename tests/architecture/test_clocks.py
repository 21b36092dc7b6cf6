"""No rule reads a clock: in domain and handlers time comes in as an argument."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import SERVICES, Source, python

CLOCKS = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "localtime", "gmtime", "perf_counter"},
}
CLOCK_MODULES = ("shared.clock", "time")
NO_CLOCKS = {"business_date", "struct_time"}
"""What those modules also have: arithmetic on an instant that is given."""
CLOCKS_OF_SQL = re.compile(
    r"\b(now\s*\(\)|current_(date|time|timestamp)\b|local(time|timestamp)\b"
    r"|(clock|statement|transaction)_timestamp\s*\(|timeofday\s*\()",
    re.IGNORECASE,
)


def clocks_read(source: Source) -> list[str]:
    """Where a module reads the machine's or the database's clock."""
    found = []
    tree = source.tree
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if node.attr in CLOCKS.get(owner, ()):
                found.append(f"{source.name}:{node.lineno}: {owner}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module in CLOCK_MODULES:
            names = {alias.name for alias in node.names} - NO_CLOCKS
            found += [f"{source.name}:{node.lineno}: {name}" for name in sorted(names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            match = CLOCKS_OF_SQL.search(node.value)
            if match and id(node) not in prose:
                found.append(f"{source.name}:{node.lineno}: {match.group()} in SQL")
    return found


def test_no_domain_handler_or_query_reads_a_clock() -> None:
    folders = [
        f"services/{service}/{part}"
        for service in SERVICES
        for part in ("domain", "handlers", "storage")
    ]
    sources = [each for each in python(*folders) if "/migrations/" not in each.name]
    found = [where for source in sources for where in clocks_read(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "on = datetime.now(UTC)",
        "on = datetime.datetime.utcnow()",
        "on = dt.date.today()",
        "on = date.today()",
        "at = time.time()",
        "read = datetime.now",
        "from shared.clock import SystemClock",
        "from time import monotonic",
        'SQL = "SELECT * FROM deposits WHERE expires_on < CURRENT_DATE"',
        'SQL = "UPDATE deposits SET changed_at = now()"',
    ],
)
def test_a_clock_in_a_handler_is_caught(line: str) -> None:
    assert len(clocks_read(Source("services/billing/handlers/take_deposit.py", line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "expires_on = work.today + plan.hold",
        "recorded_at = work.now",
        "from datetime import date, datetime",
        "from shared.clock import business_date",
        '"""A deposit taken now() and then."""',
        "on = date.fromisoformat(text)",
    ],
)
def test_time_that_comes_in_as_an_argument_is_no_clock(line: str) -> None:
    assert clocks_read(Source("services/billing/handlers/take_deposit.py", line)) == []
