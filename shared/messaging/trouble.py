"""Which trouble passes by itself."""

from __future__ import annotations

import nats.errors
import psycopg
import sqlalchemy.exc

_PASSING_STATES = (
    "08",  # connection
    "40",  # serialization failure, deadlock
    "53",  # insufficient resources
    "55P03",  # lock not available
    "57P",  # shutting down, cannot connect now
    "25P03",  # idle in transaction too long
)

MAY_PASS = (
    OSError,  # a time-out is one
    nats.errors.Error,
    psycopg.Error,
    sqlalchemy.exc.DBAPIError,
    sqlalchemy.exc.TimeoutError,
)
"""What `except` catches to ask `is_transient`; anything else is a mistake of ours."""


def is_transient(error: BaseException) -> bool:
    """True for lost connections, deadlocks, serialisation and an unreachable broker."""
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return error.connection_invalidated or is_transient(error.orig or ValueError())
    if isinstance(error, psycopg.Error):
        state = error.sqlstate
        return (
            isinstance(error, psycopg.OperationalError)
            if state is None
            else state.startswith(_PASSING_STATES)
        )
    return isinstance(error, MAY_PASS)
