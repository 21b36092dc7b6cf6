"""Who may take rows out of the system, and how many at once: the policy of a service (X-11)."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from shared.errors import Forbidden, Invalid


class ExportPolicy(Protocol):
    """Which roles may export, and how many rows at most."""

    @property
    def roles(self) -> tuple[str, ...]: ...

    @property
    def largest(self) -> int: ...


class NotAnExporter(Forbidden):
    """The policy lets other roles export."""

    code = "not-an-exporter"
    rule = "X-11"
    title_zh = "无导出权限"
    title_en = "Not permitted to export"


class ExportTooLarge(Invalid):
    """More rows than one export may have."""

    code = "export-too-large"
    rule = "X-11"
    title_zh = "导出行数过多"
    title_en = "Export too large"


def require_exporter(roles: Set[str], policy: ExportPolicy, version: int) -> None:
    """Raises NotAnExporter unless one of `roles` may export under version `version`."""
    if not roles & set(policy.roles):
        names = ", ".join(policy.roles)
        raise NotAnExporter(
            f"导出需要角色之一：{names}",
            f"exporting needs one of the roles {names}",
            roles=list(policy.roles),
            policy_version=version,
        )


def require_size(rows: int, policy: ExportPolicy, version: int) -> None:
    """Raises ExportTooLarge when there are more `rows` than version `version` allows."""
    if rows > policy.largest:
        raise ExportTooLarge(
            f"共 {rows} 行，一次最多导出 {policy.largest} 行；请缩小条件",
            f"there are {rows} rows, an export has {policy.largest} at most: narrow the filters",
            rows=rows,
            limit=policy.largest,
            policy_version=version,
        )
