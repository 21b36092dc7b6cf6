"""The legal procedure by which confidential content is erased (R-68)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Conflict, Forbidden

from ..actors import Actor
from .access import ArchiveAccess
from .content import Json, Secrets, without
from .parts.fields import Place


class NotTheEraser(Forbidden):
    """History is not deleted; only these roles carry out what the law orders."""

    code = "not-the-eraser"
    rule = "R-68"
    title_zh = "无权执行法定删除"
    title_en = "Not the eraser"


class NothingToErase(Conflict):
    """No version holds any such confidential value, or all were erased before."""

    code = "nothing-to-erase"
    rule = "R-68"
    title_zh = "没有可删除的内容"
    title_en = "Nothing to erase"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, by version, on whose order; the values are gone, this stays."""

    erasure_id: UUID
    customer_key: UUID
    place: Place
    erased: Mapping[str, Sequence[str]]
    legal_basis: str
    document_reference: str
    on: date


def require_eraser(by: Actor, policy: ArchiveAccess) -> Actor:
    """`by`, if the policy lets one of the roles erase; raises NotTheEraser."""
    if by.roles & set(policy.erasure_roles):
        return by
    raise NotTheEraser(
        f"法定删除须由 {'、'.join(policy.erasure_roles)} 执行",
        f"a legal erasure is carried out by a {' or '.join(policy.erasure_roles)}",
        erasure_roles=list(policy.erasure_roles),
    )


def reach(
    content: Json, secrets: Secrets, person_id: str | None, pointers: Sequence[str]
) -> list[str]:
    """The pointers of one version that an erasure names: all, or those of a person or a field.

    A person's place in the list may differ from version to version; the number stays.
    """
    wanted = set(secrets)
    if pointers:
        wanted -= without(secrets, pointers).keys()
    if person_id is not None:
        people = content.get("people", [])
        places = [
            f"/people/{index}"
            for index, person in enumerate(people)
            if isinstance(person, dict) and person["person_id"] == person_id
        ]
        wanted -= without(secrets, places).keys()
    return sorted(wanted)


def require_erased(erasure: Erasure) -> Erasure:
    """`erasure`, if it took anything away; raises NothingToErase."""
    if erasure.erased:
        return erasure
    raise NothingToErase("没有符合条件的保密内容", "no version holds such a confidential value")
