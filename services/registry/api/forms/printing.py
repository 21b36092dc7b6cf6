"""What the forms have in common: the words on them, and who has them printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Query

from services.registry.domain.proof.declarations import DeclarationState
from services.registry.domain.register.customers import CustomerKind, CustomerState
from services.registry.storage.forms import reports
from shared.documents import FormFormat, Printing
from shared.documents.answers import printing
from shared.work import Work

As = Annotated[FormFormat, Query(alias="format", description="文件格式 / file format")]

KINDS = {CustomerKind.COMMERCIAL: "商业性", CustomerKind.POLICY: "政策性"}
STATES = {
    CustomerState.DECLARED: "已申报",
    CustomerState.APPROVED: "已核准",
    CustomerState.REGISTERED: "已注册",
    CustomerState.SUSPENDED: "已中止",
    CustomerState.CLOSED: "已关闭",
}
DECISIONS = {
    DeclarationState.SUBMITTED: "待核准",
    DeclarationState.APPROVED: "核准",
    DeclarationState.REFUSED: "不予核准",
}
OUR_LAYOUT = "来源文件 001 所附表样在现存文本中缺失，本表栏目取自各项规定，版式为本系统设计。"
"""C24: what every form says of itself."""


async def printed_by(work: Work) -> Printing:
    """Who has it printed, by code and name, for which site, now."""
    staff = work.person.staff_code
    name = await work.value(reports.OWN_NAME, staff=staff, today=work.today)
    return await printing(work, person(staff, name))


def person(code: str | None, name: str | None) -> str:
    """A member of staff: the code, and the name if the reader may see it."""
    return " ".join(part for part in (code, name) if part)


def instant(work: Work, at: datetime) -> str:
    """An instant as it is read at the site, to the second, with its offset."""
    return at.astimezone(work.zone).isoformat(sep=" ", timespec="seconds")


async def unit_names(work: Work, units: Iterable[str | None]) -> dict[str, str]:
    """Units as a form names them: code and name."""
    codes = sorted({unit for unit in units if unit})
    rows = await work.rows(reports.UNIT_NAMES, units=codes)
    names = {row["unit"]: row["name"] for row in rows}
    return {code: person(code, names.get(code)) for code in codes}
