"""What the database refused on behalf of a rule that only it can keep: two at the same moment."""

from __future__ import annotations

import psycopg
import sqlalchemy.exc
from fastapi import Request, Response
from psycopg import errors

from shared.errors import Conflict, Invalid, Refusal
from shared.http.problems import of_refusal, respond
from shared.logs import get_logger

log = get_logger(__name__)


class AlreadyExists(Conflict):
    """Another request stored the same thing at the same moment, or before."""

    code = "already-exists"
    title_zh = "已存在"
    title_en = "Already exists"


class NotStorable(Invalid):
    """A number or a text is beyond what can be stored."""

    code = "not-storable"
    title_zh = "数值超出可存储范围"
    title_en = "Beyond what can be stored"


def refusal_of(error: BaseException | None) -> Refusal | None:
    """The refusal that a database error stands for; None for trouble and mistakes of ours."""
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return refusal_of(error.orig)
    if isinstance(error, errors.UniqueViolation | errors.ExclusionViolation):
        return AlreadyExists(
            "同样的记录已经存在，或刚由另一请求建立",
            "the same record exists already, or another request has just made it",
        )
    if isinstance(error, psycopg.DataError):
        return NotStorable(
            "某个值超出可存储的范围", "one of the values is beyond what can be stored"
        )
    return None


async def on_database_error(request: Request, error: Exception) -> Response:
    """Exception handler for SQLAlchemy's and psycopg's errors; what is no refusal is raised on."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    log.warning("refused by the database", error=type(error).__name__, code=refusal.code)
    return respond(request, of_refusal(refusal))
