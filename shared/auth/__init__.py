"""Who is calling: bearer tokens are verified here, unit and roles confirmed by registry."""

from __future__ import annotations

from shared.auth.callers import Caller, NotConfirmed, Role, Unauthorized, confirm
from shared.auth.development import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.auth.tokens import TokenVerifier

__all__ = [
    "DEVELOPMENT_ISSUER",
    "Caller",
    "DevelopmentIssuer",
    "NotConfirmed",
    "Role",
    "TokenVerifier",
    "Unauthorized",
    "confirm",
]
