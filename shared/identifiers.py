"""Identifiers: time-ordered for new things, derived for things that must come out the same."""

from __future__ import annotations

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


def derived_id(*parts: object) -> UUID:
    """The UUID of what `parts` name: the same parts give the same UUID on any machine."""
    return uuid_utils.compat.uuid5(_NAMESPACE, "\x1f".join(map(str, parts)))
