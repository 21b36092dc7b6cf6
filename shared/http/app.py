"""The API process of a service: its own routes, the common ones, and how it starts and stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import sqlalchemy.exc
import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shared import collector, telemetry
from shared.auth import DEVELOPMENT_ISSUER, TokenVerifier
from shared.auth.development import WARNING
from shared.clock import Clock, SystemClock
from shared.documents import Press
from shared.errors import Refusal
from shared.http import common, documents, problems
from shared.http.database_errors import on_database_error
from shared.http.edge import Edge
from shared.http.entrance import Entrance
from shared.http.reading import Readings, create_reading_engine
from shared.http.resources import Direct, Resources, in_order_of_exactness
from shared.logs import get_logger
from shared.service import Runtime, Service, runtime
from shared.settings import Settings

log = get_logger(__name__)

_STOP_SECONDS = 20


def create_api(service: Service, settings: Settings, clock: Clock | None = None) -> FastAPI:
    """The ASGI application of `service`. Raises ValueError when the token settings are unsafe."""
    ticking = clock or SystemClock()
    tokens = TokenVerifier(settings, ticking)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            runtime(service, settings, "api", ticking) as process,
            _entered(process, tokens, ticking) as entrance,
        ):
            app.state.process = process
            app.state.entrance = entrance
            app.state.press = Press()
            log.info("api started", service=service.name)
            yield
        log.info("api stopped", service=service.name)

    app = FastAPI(
        title=f"Dakehu {service.name}",
        version="v1",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    routers = (*service.routers(), *common.routers(service))
    # Not include_router, which would match every request twice.
    routes = in_order_of_exactness(route for router in routers for route in router.routes)
    app.router.routes.extend(routes)
    documents.describe(app)
    resources = Resources(app.routes)
    app.router.routes.insert(0, Direct(resources))
    app.add_exception_handler(Refusal, problems.on_refusal)
    app.add_exception_handler(RequestValidationError, problems.on_invalid_input)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(sqlalchemy.exc.DBAPIError, on_database_error)
    app.add_exception_handler(psycopg.Error, on_database_error)
    app.add_middleware(Edge, service=service.name, resources=resources)
    if settings.jwt_issuer == DEVELOPMENT_ISSUER:
        for line in WARNING.splitlines():
            log.warning(line)
    return app


@asynccontextmanager
async def _entered(
    process: Runtime, tokens: TokenVerifier, clock: Clock
) -> AsyncIterator[Entrance]:
    settings = process.settings
    engine = create_reading_engine(settings, f"{process.service.name}-reads")
    readings = Readings(process.service.name, engine, clock, settings, process.works.box)
    try:
        yield Entrance(process.works, readings, tokens)
    finally:
        await readings.close()


def serve(service: Service, settings: Settings) -> None:
    """Serve until SIGTERM: new requests are refused, those in hand are answered, then it ends."""
    shutdown = telemetry.configure(service.name, "api")
    options: dict[str, Any] = {
        "host": settings.http_host,
        "port": settings.http_port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": _STOP_SECONDS,
    }
    try:
        api = create_api(service, settings)
        collector.keep_what_is_loaded()
        uvicorn.run(api, **options)
    finally:
        shutdown()
