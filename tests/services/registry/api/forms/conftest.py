"""What tests of forms share."""

from __future__ import annotations

import psycopg
import pytest

from tests.support import cast


@pytest.fixture
def named(database: str) -> str:
    """The database, in which the people of the cast have their names."""
    with psycopg.connect(database) as connection:
        for person in cast.STAFF:
            connection.execute(
                "INSERT INTO staff_states (staff_code, version, effective_on, name, unit, roles,"
                " state, recorded_at) SELECT staff_code, version + 1, effective_on, %s, unit,"
                " roles, state, recorded_at FROM staff_states WHERE staff_code = %s",
                (person.name, person.code),
            )
    return database
