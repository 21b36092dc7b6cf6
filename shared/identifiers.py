"""Identifiers: time-ordered for new things, derived for things that must come out the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import uuid_utils
import uuid_utils.compat

_NAMESPACE = UUID("5b1f0d7a-52a5-5c0c-9d0e-7f6f64616b68")


def new_id() -> UUID:
    """A new UUIDv7: unique, and later ones sort later."""
    return uuid_utils.compat.uuid7()


def new_id_text() -> str:
    """The same, written; where nobody needs more than the text."""
    return str(uuid_utils.uuid7())


NEW_ID = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING %s::bytea FROM 1),"
    " 52, 1), 53, 1), 'hex')::uuid"
)
"""SQL for a new UUIDv7 in every row; the parameter is `id_prefix(now)`."""


def id_prefix(at: datetime) -> bytes:
    """The first bytes of a UUIDv7 that is made at `at`: milliseconds since 1970."""
    return round(at.timestamp() * 1000).to_bytes(6, "big")


def derived_id(*parts: object) -> UUID:
    """The UUID of what `parts` name: the same parts give the same UUID on any machine."""
    return uuid_utils.compat.uuid5(_NAMESPACE, "\x1f".join(map(str, parts)))
