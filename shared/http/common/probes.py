"""What operators and orchestrators ask a process: does it live, can it work, how is it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from shared.clock import business_date
from shared.housekeeping import measure
from shared.http import problems
from shared.logs import get_logger
from shared.messaging.trouble import MAY_PASS, is_transient
from shared.readiness import is_ready
from shared.service import Runtime
from shared.sweeps import report_lag

log = get_logger(__name__)

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """How a process is."""

    status: str


@router.get("/health/live")
async def live() -> Health:
    """进程在运行 / the process runs"""
    return Health(status="live")


@router.get("/health/ready", response_model=Health, responses={503: {"description": "未就绪"}})
async def ready(request: Request) -> Health | Response:
    """数据库可达且迁移完整 / the database is reached and fully migrated"""
    if await is_ready(request.app.state.process):
        return Health(status="ready")
    return problems.respond(request, problems.of_status(503, {"retry-after": "2"}))


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus 指标；同时测量库中待发、待处理、未决的数量 / metrics for Prometheus"""
    process: Runtime = request.app.state.process
    try:
        await measure(process)
        today = business_date(process.works.clock.now(), process.works.zone)
        await report_lag(process.works, process.service.sweeps, today)
    except MAY_PASS as error:
        # Without a database the other metrics are wanted all the more.
        if not is_transient(error):
            raise
        log.warning("nothing measured", error=type(error).__name__)
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})
