"""Whoever is refused a look at what is confidential stands in the log too (R-70, R-73, X-08)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request

from services.registry.domain.archive.audit import AuditAction
from services.registry.storage.archive import audit
from shared.errors import Refusal
from shared.work import Work

_LONGEST = 200


async def note_refused(work: Work, request: Request, error: Exception) -> None:
    """Log who asked for what and why not: no permission, no purpose, no such customer in sight."""
    entry = audit.entry(
        work,
        AuditAction.REFUSED,
        customer_key=_customer(request),
        purpose=_storable(request.query_params.get("purpose", "")) or None,
        permission="refused",
        details={
            "route": request.scope["route"].path_format,
            "why": error.code if isinstance(error, Refusal) else "invalid-input",
            **_named(request.path_params),
        },
    )
    await audit.add(work, [entry])


def _customer(request: Request) -> UUID | None:
    said = request.path_params.get("customer_key") or request.query_params.get("customer_key")
    try:
        return UUID(said)
    except (TypeError, ValueError):
        return None


def _named(parameters: Mapping[str, str]) -> dict[str, object]:
    """What the address names, as it was written: it need not be anything that exists."""
    return {name: _storable(str(said)) for name, said in parameters.items()}


def _storable(said: str) -> str:
    return "".join(sign for sign in said if sign.isprintable())[:_LONGEST]
