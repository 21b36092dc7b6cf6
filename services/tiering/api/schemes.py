"""Schemes: draft, validate, activate; one version is active per scheme and period."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field

from services.tiering.api.models import Command, Reason
from services.tiering.domain.schemes.scheme_validation import validate
from services.tiering.domain.schemes.scheme_versions import SchemeVersion
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.handlers.schemes import activate_scheme, draft_scheme, revise_scheme
from services.tiering.storage.schemes import schemes
from services.tiering.storage.scoring import score_reports
from shared.contracts.values import Day
from shared.http import Commanding, IfMatch, Page, PageQuery, Reading, Role, Router
from shared.policy_body import InvalidPolicy, parse

router = Router(prefix="/v1/schemes", tags=["schemes"])

WHO_DRAFTS: set[Role] = {"market_department", "province_administrator", "director"}


def _read(body: object) -> object:
    """The scheme, read as strictly as a preset; what is no object at all is left to pydantic."""
    if not isinstance(body, dict):
        return body
    try:
        return parse(Scheme, body)
    except InvalidPolicy as refusal:
        refusal.pointer = f"/body{refusal.pointer or ''}"
        raise


class SchemeIn(Command):
    """What a scheme says; decimals are strings."""

    body: Annotated[Scheme, BeforeValidator(_read)]
    source: Annotated[str, Field(min_length=1, max_length=300)] = "ours"


class Activation(Command):
    """From which day a draft holds (the first of a period), and why."""

    effective_on: Day
    reason: Reason


class SchemeOut(BaseModel):
    """One version of a scheme. `version` is for If-Match, `scheme_version` names it."""

    scheme: str
    scheme_version: int
    version: int
    state: Literal["draft", "active", "retired"]
    effective_on: date | None
    source: str
    drafted_by: str
    activated_by: str | None
    activation_reason: str | None
    body: Scheme


class FindingOut(BaseModel):
    """One thing that is wrong (error) or odd (warning) in a scheme."""

    severity: Literal["error", "warning"]
    code: str
    pointer: str
    zh: str
    en: str


class Validation(BaseModel):
    """Whether a version may be activated, and what was found."""

    is_valid: bool
    findings: list[FindingOut]


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    scheme: str | None = None,
    state: Literal["draft", "active", "retired"] | None = None,
    active_on: Annotated[Day | None, Query(description="当日生效 / active on that day")] = None,
) -> Page[SchemeOut]:
    """方案的各版本 / versions of schemes"""
    found = await score_reports.schemes(work, page, scheme=scheme, state=state, active_on=active_on)
    return Page(items=[_shown(v) for v in found.items], next_page_token=found.next_page_token)


@router.post("", status_code=201, roles=WHO_DRAFTS)
async def draft(body: SchemeIn, work: Commanding) -> SchemeOut:
    """拟定新版本草案 / draft the next version of a scheme"""
    drafted = await draft_scheme.handle(work, body.body, body.source, work.person.staff_code)
    return _shown(drafted)


@router.get("/{scheme}/versions/{scheme_version}")
async def one(scheme: str, scheme_version: int, work: Reading) -> SchemeOut:
    """一个版本 / one version"""
    return _shown(await schemes.one(work, scheme, scheme_version))


@router.put("/{scheme}/versions/{scheme_version}", roles=WHO_DRAFTS)
async def revise(
    scheme: str, scheme_version: int, body: SchemeIn, expected: IfMatch, work: Commanding
) -> SchemeOut:
    """修改草案 / change what a draft says"""
    revised = await revise_scheme.handle(
        work, scheme, scheme_version, expected, body.body, body.source
    )
    return _shown(revised)


@router.get("/{scheme}/versions/{scheme_version}/validation")
async def validation(scheme: str, scheme_version: int, work: Reading) -> Validation:
    """校验：权重、分母、界限 / validate weights, denominators, borders"""
    findings = validate((await schemes.one(work, scheme, scheme_version)).scheme)
    return Validation(
        is_valid=not any(finding.severity == "error" for finding in findings),
        findings=[FindingOut(**vars(finding)) for finding in findings],
    )


@router.post("/{scheme}/versions/{scheme_version}/activate", idempotent=False, roles=WHO_DRAFTS)
async def activate(
    scheme: str, scheme_version: int, body: Activation, expected: IfMatch, work: Commanding
) -> SchemeOut:
    """自某周期首日起生效 / let a draft hold from the first day of a period"""
    active = await activate_scheme.handle(
        work,
        scheme,
        scheme_version,
        expected,
        body.effective_on,
        work.person.staff_code,
        body.reason,
    )
    return _shown(active)


def _shown(version: SchemeVersion) -> SchemeOut:
    return SchemeOut(
        scheme=version.scheme.name,
        scheme_version=version.scheme_version,
        version=version.version,
        state=version.state,
        effective_on=version.effective_on,
        source=version.source,
        drafted_by=version.drafted_by,
        activated_by=version.activated_by,
        activation_reason=version.activation_reason,
        body=version.scheme,
    )
