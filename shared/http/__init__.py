"""The HTTP kit: what every service's routes are built from."""

from __future__ import annotations

from shared.auth import Caller, Role
from shared.http.paging import Keyset, Page, PageQuery
from shared.http.routing import Commanding, Reading, Router
from shared.http.versions import IfMatch, etag, require_version

__all__ = [
    "Caller",
    "Commanding",
    "IfMatch",
    "Keyset",
    "Page",
    "PageQuery",
    "Reading",
    "Role",
    "Router",
    "etag",
    "require_version",
]
