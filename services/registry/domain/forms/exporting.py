"""Who may take customers out of the system, how many at once, and for what (X-11, R-73)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Forbidden, Invalid


@dataclass(frozen=True)
class CustomerExport:
    """Which roles may export customers, and how many rows at most."""

    policy_name: ClassVar[str] = "customer-export"

    roles: tuple[str, ...]
    largest: int


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


def require_exporter(roles: Set[str], policy: CustomerExport, version: int) -> None:
    """Raises NotAnExporter unless one of `roles` may export under version `version`."""
    if not roles & set(policy.roles):
        names = ", ".join(policy.roles)
        raise NotAnExporter(
            f"导出客户需要角色之一：{names}",
            f"exporting customers needs one of the roles {names}",
            roles=list(policy.roles),
            policy_version=version,
        )


def require_size(rows: int, policy: CustomerExport, version: int) -> None:
    """Raises ExportTooLarge when there are more `rows` than version `version` allows."""
    if rows > policy.largest:
        raise ExportTooLarge(
            f"共 {rows} 行，一次最多导出 {policy.largest} 行；请缩小条件",
            f"there are {rows} rows, an export has {policy.largest} at most: narrow the filters",
            rows=rows,
            limit=policy.largest,
            policy_version=version,
        )
