"""What the API says of itself: OpenAPI, a page for people that needs no other host, contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from shared import contracts

OPENAPI_PATH = "/v1/openapi.json"
DOCUMENTS_PATH = "/v1/docs"
_SCHEMAS = Path(contracts.__file__).with_name("published")

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457；type 稳定可依赖 / the type is stable",
    "required": ["type", "title", "status", "detail", "instance", "translations", "trace_id"],
    "properties": {
        "type": {"type": "string", "example": "/problems/invalid-input"},
        "title": {"type": "string", "description": "中文 / English"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "中文 / English"},
        "instance": {"type": "string"},
        "translations": {"type": "object"},
        "trace_id": {"type": "string"},
        "rule": {"type": "string"},
        "facts": {"type": "object", "description": "所见的数据 / what the decision saw"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer"},
                    "parameter": {"type": "string"},
                    "path": {"type": "string"},
                    "header": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
# Optional for FastAPI, since a missing one is answered with 428 by us.
_IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:13px/1.4 ui-monospace,monospace}pre{background:#f4f4f4;padding:.8rem;overflow:auto}
summary{cursor:pointer;padding:.3rem 0}.m{display:inline-block;width:4.5rem;font-weight:700}
td,th{text-align:left;padding:.1rem 1rem .1rem 0;vertical-align:top}.d{color:#666}
"""


def describe(app: FastAPI) -> None:
    """Add /v1/openapi.json and /v1/docs to `app`, once all its routes are there.

    And the schemas of all events, under the addresses that their `dataschema` gives.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    async def schema(_: Request) -> JSONResponse:
        return JSONResponse(openapi())

    async def page(_: Request) -> HTMLResponse:
        headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse("".join(_page(openapi())), headers=headers)

    setattr(app, "openapi", openapi)  # noqa: B010  # FastAPI asks its own attribute
    app.add_route(OPENAPI_PATH, schema, include_in_schema=False)
    app.add_route(DOCUMENTS_PATH, page, include_in_schema=False)
    app.mount("/contracts", StaticFiles(directory=_SCHEMAS))


def _schema(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description="错误为 problem+json（RFC 9457），中英双语 / errors are bilingual problem+json",
        routes=app.routes,
    )
    for operations in schema["paths"].values():
        for operation in operations.values():
            first, _, rest = operation.pop("description", "").partition("\n")
            operation |= {"summary": first, "description": rest.strip()}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "if-match":
                    parameter.update(_IF_MATCH)
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    return schema


def _page(schema: dict[str, Any]) -> Iterator[str]:
    title = escape(schema["info"]["title"])
    yield f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{_STYLE}</style><h1>{title}</h1>"
    yield f'<p>{escape(schema["info"]["description"])} — <a href="openapi.json">OpenAPI</a></p>'
    yield '<pre>curl -H "Authorization: Bearer $TOKEN" http://…/v1/…</pre>'
    by_tag: dict[str, list[str]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["…"])[0]
            by_tag.setdefault(tag, []).append("".join(_operation(method, path, operation)))
    for tag, operations in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(operations)}"
    yield "<h2>Schemas</h2>"
    for name, body in schema["components"]["schemas"].items():
        shown = escape(json.dumps(body, ensure_ascii=False, indent=2))
        yield f'<details id="{escape(name)}"><summary>{escape(name)}</summary><pre>{shown}</pre>'
        yield "</details>"


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f'<details><summary><span class="m">{method.upper()}</span>'
    yield f"<code>{escape(path)}</code> "
    yield f'<span class="d">{escape(operation["summary"])}</span></summary>'
    yield f"<p>{escape(operation['description'])}</p>"
    if roles := operation.get("x-roles"):
        yield f"<p>角色 / roles: <code>{escape(', '.join(roles))}</code></p>"
    yield "<table>"
    for parameter in operation.get("parameters", ()):
        need = "*" if parameter.get("required") else ""
        text = parameter.get("description") or parameter["schema"].get("description", "")
        yield f"<tr><td><code>{escape(parameter['name'])}{need}</code><td>{parameter['in']}"
        yield f"<td>{escape(text)}"
    yield "</table>"
    content = operation.get("requestBody", {}).get("content", {})
    for kind, body in content.items():
        yield f"<p>{escape(kind)}: {_reference(body.get('schema', {}))}</p>"
    for status, answer in operation.get("responses", {}).items():
        shown = [_reference(body.get("schema", {})) for body in answer.get("content", {}).values()]
        yield f"<p>{escape(str(status))}: {' '.join(shown)}</p>"
    yield "</details>"


def _reference(schema: dict[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    return f"<code>{escape(json.dumps(schema, ensure_ascii=False))}</code>"
