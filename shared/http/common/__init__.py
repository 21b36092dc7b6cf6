"""The routes that every service has."""

from __future__ import annotations

from fastapi import APIRouter

from shared.http.common import (
    compliance,
    dead_letters,
    explanations,
    facts,
    policies,
    probes,
    waiting,
)
from shared.service import Service


def routers(service: Service) -> tuple[APIRouter, ...]:
    """Health, metrics, explanations, fates, dead letters, waiting facts, business with stopped
    customers and policies."""
    return (
        probes.router,
        explanations.router,
        facts.router,
        dead_letters.router,
        waiting.router,
        compliance.router,
        policies.router_for(service.policies),
    )
