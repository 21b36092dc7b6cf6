"""HTTP in: one module a resource; decode, call one handler, respond."""

from __future__ import annotations

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
