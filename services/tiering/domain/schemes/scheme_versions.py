"""Versions of schemes: drafted, validated, active from a day on, retired (T-28)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.tiering.domain.periods import is_first_day
from services.tiering.domain.schemes.scheme_validation import require_valid
from services.tiering.domain.schemes.schemes import Scheme
from shared.errors import Conflict, Invalid

State = Literal["draft", "active", "retired"]


class SchemeNotDraft(Conflict):
    """An activated version is never changed; draft a new one."""

    code = "scheme-not-draft"
    rule = "T-28"
    title_zh = "方案版本不是草案"
    title_en = "The scheme version is not a draft"


class SchemeRenamed(Invalid):
    """A draft stays a version of the scheme it was drafted for."""

    code = "scheme-renamed"
    rule = "T-28"
    title_zh = "方案名称不符"
    title_en = "Another scheme's name"


class NotAPeriodStart(Invalid):
    """Two versions would be active within one period."""

    code = "not-a-period-start"
    rule = "T-28"
    title_zh = "生效日不是周期首日"
    title_en = "Not the first day of a period"


@dataclass(frozen=True)
class SchemeVersion:
    """One version of a scheme. `version` counts the changes of this record from 1.

    On a day that version is active whose `effective_on` is the latest up to that day. A version
    that another one replaced from the same day is retired.
    """

    scheme: Scheme
    scheme_version: int
    version: int
    state: State
    source: str
    drafted_by: str
    effective_on: date | None = None
    activated_by: str | None = None
    activation_reason: str | None = None
    shipped_version: int | None = None


def revise(draft: SchemeVersion, scheme: Scheme, source: str) -> SchemeVersion:
    """Replace what a draft says. Raises SchemeNotDraft, SchemeRenamed."""
    _require_draft(draft)
    if scheme.name != draft.scheme.name:
        raise SchemeRenamed(
            f"草案属于方案 {draft.scheme.name}，不能改为 {scheme.name}",
            f"the draft belongs to {draft.scheme.name} and cannot become {scheme.name}",
            pointer="/body/name",
        )
    return replace(draft, scheme=scheme, source=source, version=draft.version + 1)


def activate(
    draft: SchemeVersion,
    others: Sequence[SchemeVersion],
    effective_on: date,
    by: str,
    reason: str,
) -> tuple[SchemeVersion, list[SchemeVersion]]:
    """Make a draft hold from `effective_on`; also returns those of `others` it retires.

    One version is active per period: the day starts a period of the scheme, and a version that is
    active from the same day is retired. Raises SchemeNotDraft, SchemeNotValid, NotAPeriodStart.
    """
    _require_draft(draft)
    require_valid(draft.scheme)
    if not is_first_day(draft.scheme.window, effective_on):
        raise NotAPeriodStart(
            f"{effective_on} 不是该方案周期的首日",
            f"{effective_on} is not the first day of a period of this scheme",
            pointer="/effective_on",
            window=draft.scheme.window.unit,
        )
    retired = [
        replace(other, state="retired", version=other.version + 1)
        for other in others
        if other.state == "active" and other.effective_on == effective_on
    ]
    active = replace(
        draft,
        state="active",
        version=draft.version + 1,
        effective_on=effective_on,
        activated_by=by,
        activation_reason=reason,
    )
    return active, retired


def _require_draft(version: SchemeVersion) -> None:
    if version.state != "draft":
        raise SchemeNotDraft(
            f"第 {version.scheme_version} 版的状态是 {version.state}；请另拟草案",
            f"version {version.scheme_version} is {version.state}; draft a new version",
            state=version.state,
        )
