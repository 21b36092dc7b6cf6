"""What may be written is what is kept: forms and content have the same fields (R-61 to R-65)."""

from __future__ import annotations

import dataclasses
import types
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from services.registry.api.archive.contents import (
    AnnualReportIn,
    BasicIn,
    CompetitorsIn,
    ExtendedIn,
    KeyPeopleIn,
)
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.shapes import KINDS

FORMS: dict[Section, type[BaseModel]] = {
    Section.BASIC: BasicIn,
    Section.EXTENDED: ExtendedIn,
    Section.KEY_PEOPLE: KeyPeopleIn,
    Section.COMPETITORS: CompetitorsIn,
    Section.ANNUAL: AnnualReportIn,
}


def names(kind: Any) -> dict[str, Any]:
    """The fields of a form or of content, with those of what they hold."""
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: inner(hints[field.name]) for field in dataclasses.fields(kind)}
    return {name: inner(field.annotation) for name, field in kind.model_fields.items()}


def inner(hint: Any) -> dict[str, Any] | None:
    """The fields of the form or dataclass in a hint; None for a plain value."""
    for part in (hint, *get_args(hint)):
        is_form = isinstance(part, type) and not isinstance(part, types.GenericAlias)
        if is_form and (dataclasses.is_dataclass(part) or issubclass(part, BaseModel)):
            return names(part)
    return None


@pytest.mark.parametrize("section", FORMS)
def test_every_field_can_be_written_and_every_written_field_is_kept(section: Section) -> None:
    assert names(FORMS[section]) == names(KINDS[section])
