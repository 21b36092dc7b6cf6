"""The caller of a request, and what registry says about him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.errors import Forbidden, Refusal

Role = Literal[
    "account_manager",
    "auditor",
    "back_office",
    "branch_staff",
    "complaint_handler",
    "customer_administrator",
    "deputy_director",
    "director",
    "finance",
    "market_department",
    "operator",
    "province_administrator",
    "sales_director",
    "specialty",
    "supervisor",
    "telephone",
]
"""What a person may be appointed to; a route names the roles that it takes."""


class Unauthorized(Refusal):
    """No token, or none that this site accepts."""

    code = "unauthorized"
    status = 401
    title_zh = "未认证"
    title_en = "Unauthorized"
    headers: ClassVar[Mapping[str, str]] = {"www-authenticate": 'Bearer error="invalid_token"'}


class NotConfirmed(Forbidden):
    """The token is genuine, but registry does not confirm what it says about the person."""

    code = "not-confirmed"
    title_zh = "身份未获确认"
    title_en = "Not confirmed"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, as his token describes him; `acted_by` is the gateway that calls on his behalf."""

    staff_code: str
    unit: str
    roles: frozenset[str]
    scope: frozenset[str] = frozenset()
    acted_by: str | None = None

    @property
    def idempotency_owner(self) -> str:
        """Whose Idempotency-Keys these are: the person's, per gateway."""
        return f"{self.staff_code}\x1f{self.acted_by or ''}"


def confirm(caller: Caller, state: str | None, unit: str | None, roles: Sequence[str]) -> None:
    """Compare a token with what registry last said about the person (`kit.staff`).

    Raises NotConfirmed when nobody of that code is known, when he left, and when the unit or a
    role of the token is not his: a token outlives neither a transfer nor a departure.
    """
    if state is None:
        raise NotConfirmed(
            f"工号 {caller.staff_code} 未在册",
            f"no member of staff has the code {caller.staff_code}",
        )
    if state != "active":
        raise NotConfirmed(f"工号 {caller.staff_code} 已离职", f"{caller.staff_code} has left")
    if unit != caller.unit:
        raise NotConfirmed(
            f"工号 {caller.staff_code} 不属于单位 {caller.unit}",
            f"{caller.staff_code} does not belong to the unit {caller.unit}",
        )
    strange = sorted(caller.roles.difference(roles))
    if strange:
        raise NotConfirmed(
            f"工号 {caller.staff_code} 没有角色 {'、'.join(strange)}",
            f"{caller.staff_code} does not have the roles {', '.join(strange)}",
        )
