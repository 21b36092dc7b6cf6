"""HTTP in: one module a resource; decode, call one handler, respond."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.api import (
    contracts,
    customers,
    declarations,
    disputes,
    identification,
    managers,
    ownership,
    reports,
    staff,
    units,
)

ROUTERS: tuple[APIRouter, ...] = (
    units.router,
    staff.router,
    declarations.router,
    # Before the customers: /parse-id is no customer key.
    identification.router,
    customers.router,
    managers.router,
    ownership.router,
    contracts.router,
    disputes.router,
    reports.router,
)
