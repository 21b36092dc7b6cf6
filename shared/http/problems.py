"""Errors as RFC 9457 problem+json: a stable type, both languages, the field at fault, a trace id.

What an exception says is for the log; a caller is told only what was written for a caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from shared.errors import Refusal
from shared.http.tracing import trace_of
from shared.validation import in_words, pointer

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the input: where, and in which words.

    `place` is "pointer" (JSON Pointer into the body), "parameter" (query), "path" or "header".
    """

    place: str
    name: str
    zh: str
    en: str

    def shown(self) -> dict[str, str]:
        """As it stands in `errors` of a problem."""
        return {self.place: self.name, "detail": f"{self.zh} / {self.en}"}


@dataclass(frozen=True)
class Problem:
    """What a problem+json body says; `code` makes its `type`, `/problems/<code>`."""

    code: str
    status: int
    title_zh: str
    title_en: str
    detail_zh: str
    detail_en: str
    rule: str = ""
    faults: Sequence[Fault] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request_path: str, trace_id: str) -> Response:
        """The answer to send for a request to `request_path`."""
        body: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": f"{self.title_zh} / {self.title_en}",
            "status": self.status,
            "detail": f"{self.detail_zh} / {self.detail_en}",
            "instance": request_path,
            "translations": {
                "zh": {"title": self.title_zh, "detail": self.detail_zh},
                "en": {"title": self.title_en, "detail": self.detail_en},
            },
            "trace_id": trace_id,
        }
        if self.rule:
            body["rule"] = self.rule
        if self.facts:
            body["facts"] = {name: _plain(value) for name, value in self.facts.items()}
        if self.faults:
            body["errors"] = [fault.shown() for fault in self.faults]
        return Response(
            orjson.dumps(body), self.status, headers=dict(self.headers), media_type=MEDIA_TYPE
        )


_BY_STATUS = {
    400: ("bad-request", "请求无效", "Bad request", "请求无法解读", "the request cannot be read"),
    401: ("unauthorized", "未认证", "Unauthorized", "需要有效的令牌", "a valid token is needed"),
    403: ("forbidden", "无权操作", "Forbidden", "您无权执行此操作", "you may not do this"),
    404: ("not-found", "未找到", "Not found", "没有这个地址", "there is nothing at this address"),
    405: (
        "method-not-allowed",
        "方法不允许",
        "Method not allowed",
        "此地址不接受该方法",
        "this address does not take that method",
    ),
    413: (
        "content-too-large",
        "请求体过大",
        "Content too large",
        "请求体超过上限 512 KB",
        "the body is larger than 512 KB",
    ),
    415: (
        "unsupported-media-type",
        "内容类型不支持",
        "Unsupported media type",
        "请求体须为 application/json",
        "the body has to be application/json",
    ),
    500: (
        "internal-error",
        "内部错误",
        "Internal error",
        "出现意外错误，已记录；请凭跟踪号联系运维",
        "something unexpected happened and is recorded; give the trace id to the operators",
    ),
    503: (
        "unavailable",
        "暂时不可用",
        "Unavailable",
        "服务暂时不可用，请稍后重试",
        "the service cannot answer just now; try again",
    ),
}


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that stands for a bare HTTP status."""
    known = _BY_STATUS.get(status)
    if known is None:
        phrase = HTTPStatus(status).phrase
        known = (phrase.lower().replace(" ", "-"), phrase, phrase, phrase, phrase)
    code, title_zh, title_en, detail_zh, detail_en = known
    return Problem(code, status, title_zh, title_en, detail_zh, detail_en, headers=headers or {})


def of_refusal(refusal: Refusal) -> Problem:
    """The problem that says what a rule refused, and which rule."""
    faults: tuple[Fault, ...] = ()
    if refusal.pointer is not None:
        faults = (Fault("pointer", refusal.pointer, refusal.detail_zh, refusal.detail_en),)
    return Problem(
        refusal.code,
        refusal.status,
        refusal.title_zh,
        refusal.title_en,
        refusal.detail_zh,
        refusal.detail_en,
        rule=refusal.rule,
        faults=faults,
        facts=refusal.facts,
        headers=getattr(refusal, "headers", {}),
    )


def of_invalid_input(errors: Sequence[ErrorDetails]) -> Problem:
    """The problem that names every field that pydantic found wrong."""
    faults = tuple(_fault(error) for error in errors)
    return Problem(
        "invalid-input",
        422,
        "输入无效",
        "Invalid input",
        f"有 {len(faults)} 处输入有误，见 errors",
        f"{len(faults)} of the inputs are wrong, see errors",
        faults=faults,
    )


def _fault(error: ErrorDetails) -> Fault:
    zh, en = in_words(error)
    place, *rest = error["loc"]
    if error["type"] == "json_invalid":
        return Fault("pointer", "", zh, en)
    if place == "body":
        return Fault("pointer", pointer(rest), zh, en)
    name = str(rest[0]) if rest else ""
    return Fault({"query": "parameter"}.get(str(place), str(place)), name, zh, en)


def _plain(value: object) -> object:
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    return str(value)


def respond(request: Request, problem: Problem) -> Response:
    """Answer `request` with `problem`."""
    return problem.response(request.url.path, trace_of(request.scope).trace_id)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Exception handler for `Refusal`."""
    assert isinstance(error, Refusal)
    return respond(request, of_refusal(error))


async def on_invalid_input(request: Request, error: Exception) -> Response:
    """Exception handler for what FastAPI found wrong before the endpoint ran."""
    assert isinstance(error, RequestValidationError)
    return respond(request, of_invalid_input(error.errors()))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Exception handler for 404, 405, 413 and whatever else the framework says by status."""
    assert isinstance(error, HTTPException)
    return respond(request, of_status(error.status_code, error.headers))
