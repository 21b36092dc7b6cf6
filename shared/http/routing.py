"""Routes that run in one transaction, and the little that a route may say about itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from typing import Any, TypeVar, get_args, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.auth import Caller, Role
from shared.errors import Forbidden, Refusal
from shared.http import idempotency
from shared.http.endpoints import Commanding, Reading, Turn, prepared, turn
from shared.http.entrance import Entrance, NoteRefused
from shared.http.inputs import refuse_foreign_body, refuse_strange_parameters, refuse_unstorable
from shared.http.versions import etag
from shared.work import Work

__all__ = [
    "PROBLEMS",
    "Commanding",
    "NoteRefused",
    "Reading",
    "RoleMissing",
    "Router",
    "TransactionalRoute",
]

E = TypeVar("E", bound=Callable[..., Any])

_ROLES, _MODE, _KEYED = "x-roles", "x-transaction", "x-idempotency-key"
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "同一命令的重发使用同一个值 / the same value when a command is sent again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_PROBLEM = {
    "description": "问题 / problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": _PROBLEM, "503": _PROBLEM}


class RoleMissing(Forbidden):
    """The route takes other roles than the caller has."""

    code = "role-missing"
    title_zh = "角色不符"
    title_en = "Role missing"


class TransactionalRoute(APIRoute):
    """A route whose endpoint runs inside the transaction that `Entrance` opens for it."""

    note_refused: NoteRefused | None = None
    """What a refused call leaves behind, if it leaves anything."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = super().get_route_handler()
        extra = self.openapi_extra or {}
        roles = frozenset(extra.get(_ROLES, ()))
        is_reading = extra.get(_MODE) == "read"
        is_keyed = bool(extra.get(_KEYED))
        takes_body = self.body_field is not None
        query = {
            param.alias: _takes_several(param.field_info.annotation)
            for param in get_flat_params(self.dependant)
            if param.field_info.__class__.__name__ == "Query"
        }
        template = f"{'|'.join(sorted(self.methods or ()))} {self.path_format}"

        async def answer(request: Request, work: Work) -> Response:
            this = Turn(work)
            token = turn.set(this)
            try:
                response = await endpoint(request)
            finally:
                turn.reset(token)
            if this.version is not None and "etag" not in response.headers:
                response.headers["etag"] = etag(this.version)
            return response

        async def admitted(request: Request, entrance: Entrance, caller: Caller) -> Response:
            _require_role(caller, roles)
            refuse_strange_parameters(request, query)
            if is_reading:
                return await entrance.read(request, caller, answer)
            body = await request.body()
            if takes_body:
                refuse_foreign_body(request, body)
            refuse_unstorable(body)
            key = idempotency.key_of(request, caller, template, body) if is_keyed else None
            return await entrance.command(request, caller, answer, key)

        async def run(request: Request) -> Response:
            entrance: Entrance = request.app.state.entrance
            caller = await entrance.caller(request)
            try:
                return await admitted(request, entrance, caller)
            except (Refusal, RequestValidationError) as error:
                if self.note_refused is not None:
                    await entrance.note(request, caller, self.note_refused, error)
                raise

        return run


def _takes_several(annotation: object) -> bool:
    return any(get_origin(each) is list for each in (annotation, *get_args(annotation)))


class Router(APIRouter):
    """An APIRouter whose routes run in one transaction each.

    `get` reads under row-level security; `audited=True` makes it a command, for reads that leave a
    trace. Who is refused such a read is told to `note_refused`, which writes it down in a
    transaction of its own, since that of the read is undone. `post` asks for an Idempotency-Key
    unless `idempotent=False` says that sending it twice does no harm. `roles` are those that may
    call; without it any confirmed member of staff may. An answer with a `version` gets its ETag.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        tags: list[str] | None = None,
        note_refused: NoteRefused | None = None,
    ) -> None:
        self._note_refused = note_refused
        super().__init__(
            prefix=prefix,
            tags=[*(tags or ())],
            route_class=TransactionalRoute,
            responses=PROBLEMS,
        )

    def get(
        self,
        path: str,
        *,
        roles: Collection[Role] | None = None,
        audited: bool = False,
        **options: Any,
    ) -> Callable[[E], E]:
        """A read; with `audited` one that also writes who read what."""
        register = self._verb("GET", path, roles, not audited, False, options)
        return self._noting(register) if audited else register

    def post(
        self,
        path: str,
        *,
        roles: Collection[Role] | None = None,
        idempotent: bool = True,
        **options: Any,
    ) -> Callable[[E], E]:
        """A command that creates or moves something; needs an Idempotency-Key by default."""
        return self._verb("POST", path, roles, False, idempotent, options)

    def put(
        self, path: str, *, roles: Collection[Role] | None = None, **options: Any
    ) -> Callable[[E], E]:
        """A command that replaces a thing; take `expected_version: IfMatch`."""
        return self._verb("PUT", path, roles, False, False, options)

    def patch(
        self, path: str, *, roles: Collection[Role] | None = None, **options: Any
    ) -> Callable[[E], E]:
        """A command that changes a thing; take `expected_version: IfMatch`."""
        return self._verb("PATCH", path, roles, False, False, options)

    def delete(
        self, path: str, *, roles: Collection[Role] | None = None, **options: Any
    ) -> Callable[[E], E]:
        """A command that ends a thing; histories stay."""
        return self._verb("DELETE", path, roles, False, False, options)

    def _noting(self, register: Callable[[E], E]) -> Callable[[E], E]:
        def noting(endpoint: E) -> E:
            registered = register(endpoint)
            route = self.routes[-1]
            assert isinstance(route, TransactionalRoute), "every route of this router is one"
            route.note_refused = self._note_refused
            return registered

        return noting

    def _verb(
        self,
        method: str,
        path: str,
        roles: Collection[Role] | None,
        is_reading: bool,
        is_keyed: bool,
        options: dict[str, Any],
    ) -> Callable[[E], E]:
        extra: dict[str, Any] = {
            **options.pop("openapi_extra", {}),
            _MODE: "read" if is_reading else "command",
            "security": [{"bearer": []}],
        }
        if roles is not None:
            extra[_ROLES] = sorted(roles)
        if is_keyed:
            extra[_KEYED] = True
            extra["parameters"] = [*extra.get("parameters", ()), _KEY_PARAMETER]

        def register(endpoint: E) -> E:
            self.add_api_route(
                path, prepared(endpoint), methods=[method], openapi_extra=extra, **options
            )
            return endpoint

        return register


def _require_role(caller: Caller, roles: frozenset[str]) -> None:
    if roles and not roles & caller.roles:
        names = ", ".join(sorted(roles))
        raise RoleMissing(f"此操作需要角色之一：{names}", f"this needs one of the roles {names}")
