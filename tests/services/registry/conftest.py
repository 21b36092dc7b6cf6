"""Registry under test: the cast's units and people are in its own tables too."""

from __future__ import annotations

import psycopg
import pytest

from services.registry.app import SERVICE
from shared.service import Service
from shared.work import Work

_FURNISH = (
    """
    INSERT INTO units (unit, name, parent, level, kind, division_code, version, recorded_at)
    SELECT unit, name, parent, level, kind, division_code, version, now() FROM kit.units
    """,
    """
    INSERT INTO staff_states
        (staff_code, version, effective_on, name, unit, roles, state, recorded_at)
    SELECT staff_code, version, effective_on, '', unit, roles, state, now() FROM kit.staff_states
    """,
    """
    INSERT INTO staff_events (system, kind, ref, staff_code, "on", unit, roles, recorded_at)
    SELECT 'cast', 'joined', staff_code, staff_code, effective_on, unit, roles, now()
    FROM kit.staff_states
    UNION ALL
    SELECT 'cast', 'left', staff_code, staff_code, effective_on, NULL, '{}', now()
    FROM kit.staff_states WHERE state = 'left'
    """,
)


@pytest.fixture(scope="session")
def service() -> Service:
    """Registry as it is deployed."""
    return SERVICE


@pytest.fixture
async def work(work: Work) -> Work:
    """A unit of work in which registry itself knows the units and people of the cast."""
    for statement in _FURNISH:
        await work.run(statement)
    return work


@pytest.fixture
async def database(database: str) -> str:
    """A database of its own in which registry itself knows the units and people of the cast."""
    with psycopg.connect(database) as connection:
        for statement in _FURNISH:
            connection.execute(statement)
    return database
