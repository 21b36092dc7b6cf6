"""Presets: the policies that ship with a service, one YAML file per kind of site.

policies:
  - name: late-fees
    effective_on: 1996-10-08
    source: 供电营业规则 1996 第九十八条      # or "ours", for a figure that no source gives
    body: {…}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared import policy
from shared.errors import Invalid, NotFound
from shared.policy_body import Policy, parse
from shared.validation import in_words, pointer
from shared.yaml_text import YAMLError, read_yaml

if TYPE_CHECKING:
    from shared.work import Work


class InvalidPreset(Invalid):
    """The preset file does not have its form, or names a policy that the service does not have."""

    code = "invalid-preset"
    title_zh = "预设文件无效"
    title_en = "Invalid preset"


@dataclass(frozen=True)
class Preset:
    """A preset that was read and found valid: policies of known kinds, in the file's order."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Entry:
    """One policy of a preset."""

    policy: Policy
    effective_on: date
    source: str


class _EntryForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    effective_on: date
    source: str = Field(min_length=1)
    body: dict[str, object]


class _PresetForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    policies: list[_EntryForm]


def names(package: str) -> list[str]:
    """The presets that the service in `package` ("services.billing") ships, in order of name."""
    folder = resources.files(package) / "presets"
    if not folder.is_dir():
        return []
    files = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml"))


def shipped(package: str, name: str, kinds: Iterable[type[Policy]]) -> Preset:
    """The preset called `name` of the service in `package`; raises NotFound, InvalidPreset."""
    known = names(package)
    if name not in known:
        raise NotFound(
            f"没有预设 {name}；可选：{'、'.join(known)}",
            f"no preset {name}; there are: {', '.join(known)}",
        )
    text = (resources.files(package) / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    return read(name, text, kinds)


def read(name: str, text: str, kinds: Iterable[type[Policy]]) -> Preset:
    """The preset that the YAML `text` says, checked against the policy `kinds` of the service.

    Raises InvalidPreset or InvalidPolicy; nothing is half read.
    """
    try:
        form = _PresetForm.model_validate(read_yaml(text))
    except YAMLError as error:
        raise InvalidPreset(
            f"预设 {name} 不是 YAML", f"preset {name} is not YAML: {error}"
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        chinese, english = in_words(first)
        where = pointer(first["loc"])
        raise InvalidPreset(
            f"预设 {name} 的 {where}：{chinese}", f"preset {name}, {where}: {english}"
        ) from error
    by_name = {kind.policy_name: kind for kind in kinds}
    return Preset(name, tuple(_entry(name, entry, by_name) for entry in form.policies))


async def load(work: Work, preset: Preset) -> list[policy.Versioned[Policy]]:
    """Record what the preset says and return the new versions.

    Loading it again adds nothing: a policy that was ever recorded with the same body from the same
    day is left alone, so that a preset never undoes what an administrator changed since.
    """
    added = []
    for entry in preset.entries:
        kind = type(entry.policy)
        if any(
            earlier.effective_on == entry.effective_on and earlier.body == entry.policy
            for earlier in (await policy.timeline(work, kind)).versions
        ):
            continue
        added.append(
            await policy.record_parsed(
                work,
                entry.policy,
                entry.effective_on,
                author=f"preset {preset.name}",
                reason=f"预设 {preset.name} / preset {preset.name}",
                source=entry.source,
            )
        )
    return added


def _entry(preset: str, form: _EntryForm, kinds: Mapping[str, type[Policy]]) -> Entry:
    kind = kinds.get(form.name)
    if kind is None:
        raise InvalidPreset(
            f"预设 {preset}：本服务没有政策 {form.name}",
            f"preset {preset}: this service has no policy {form.name}",
        )
    return Entry(parse(kind, form.body), form.effective_on, form.source)
