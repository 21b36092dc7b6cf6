"""Who does what with money: issuing and receiving are two tasks, and two people (B-19)."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from shared.errors import Forbidden


class Task(StrEnum):
    """核算发行, 销账, and the confirmation by a second person."""

    ISSUING = "issuing"
    RECEIVING = "receiving"
    CONFIRMING = "confirming"


class NotYourTask(Forbidden):
    """The task belongs to other roles, or to another level."""

    code = "not-your-task"
    rule = "B-19"
    title_zh = "不属于本人岗位职责"
    title_en = "Not your task"


class DutiesNotApart(Forbidden):
    """One person would do both of what two have to do on one document."""

    code = "duties-not-apart"
    rule = "B-19"
    title_zh = "不相容岗位须分离"
    title_en = "Duties have to be apart"


@dataclass(frozen=True)
class MoneyDuties:
    """Which roles issue charges, receive payments, and confirm what another asked for.

    Corrections that a policy demands are dealt with at `central_levels` alone (B-18).
    """

    policy_name: ClassVar[str] = "money-duties"

    issuing_roles: tuple[str, ...]
    receiving_roles: tuple[str, ...]
    confirming_roles: tuple[str, ...]
    central_levels: tuple[str, ...]

    def roles_of(self, task: Task) -> tuple[str, ...]:
        """The roles that do a task."""
        return {
            Task.ISSUING: self.issuing_roles,
            Task.RECEIVING: self.receiving_roles,
            Task.CONFIRMING: self.confirming_roles,
        }[task]


def require_task(task: Task, roles: Set[str], duties: MoneyDuties, policy_version: int) -> None:
    """Raise NotYourTask unless one of `roles` does the task."""
    wanted = duties.roles_of(task)
    if not roles & set(wanted):
        names = ", ".join(wanted)
        raise NotYourTask(
            f"此项任务须由以下岗位办理：{names}",
            f"this task belongs to the roles {names}",
            task=task.value,
            roles=list(wanted),
            policy_version=policy_version,
        )


def require_central(level: str | None, duties: MoneyDuties, policy_version: int) -> None:
    """Raise NotYourTask unless corrections by policy are dealt with at `level` (B-18)."""
    if level not in duties.central_levels:
        levels = ", ".join(duties.central_levels)
        raise NotYourTask(
            f"政策性退补由以下层级集中处理：{levels}",
            f"corrections that a policy demands are dealt with at the levels {levels}",
            level=level,
            policy_version=policy_version,
        )


def require_apart(person: str, others: Collection[str], said_zh: str, said_en: str) -> None:
    """Raise DutiesNotApart where `person` is among `others`, who did what was `said`."""
    if person in others:
        raise DutiesNotApart(
            f"{person} {said_zh}，须由他人办理",
            f"{person} {said_en}; somebody else has to do this",
            staff_code=person,
        )
