"""The statement of a customer as PDF and XLSX, amounts in capitals, and as rows (B-34, X-11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlalchemy import RowMapping

from services.billing.api.books.ledger import statement_asked
from services.billing.api.forms.exporting import ASKING, CUSTOMER, Purpose, Rows, exported
from services.billing.api.forms.exporting import As as ExportAs
from services.billing.api.models import Dates
from services.billing.domain.books.journal import JournalKind
from services.billing.storage.books import reports
from services.billing.storage.forms import reports as named
from shared.contracts.values import Day
from shared.documents import Column, Fields, Form, FormFormat, Signatures, Table, Value
from shared.documents.answers import Exported, Printed, files, printing
from shared.documents.capitals import in_capitals
from shared.documents.exports import ExportFormat
from shared.documents.press import MAX_CELLS
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Reading, Router
from shared.work import Work

router = Router(tags=["ledger"])
As = Annotated[FormFormat, Query(alias="format", description="文件格式 / file format")]
KINDS = {
    JournalKind.OPENING: "期初余额",
    JournalKind.CHARGE: "账单",
    JournalKind.CANCELLATION: "账单冲减",
    JournalKind.PAYMENT: "收款",
    JournalKind.RETURN: "退款",
    JournalKind.LATE_FEE: "违约金",
    JournalKind.LATE_FEE_WAIVER: "违约金减免",
    JournalKind.DEPOSIT: "定金",
    JournalKind.COMPENSATION: "赔偿",
    JournalKind.DISCOUNT: "资费优惠",
    JournalKind.REFUND: "退还余款",
    JournalKind.WRITE_OFF: "坏账核销",
}
"""What the lines of a statement are called; another kind stands by its name."""
_COLUMNS = (
    Column("业务日期", 11, "center"),
    Column("入账日期", 11, "center"),
    Column("摘要", 12),
    Column("单号", 20),
    Column("借方（应收）", 14, "right"),
    Column("贷方（收回）", 14, "right"),
    Column("余额", 14, "right"),
)
_MOST = MAX_CELLS[FormFormat.XLSX] // len(_COLUMNS) + 1
_ORDER = "ORDER BY day, event_on, journal_id LIMIT :most"
_FOOTNOTES = (
    "余额为正表示贵方应付，为负表示贵方预付；核销收款与账单不改变余额，故不列出。",
    "入账日期晚于业务日期者，其业务日期所在月份当时已结账。",
)
ROWS = Rows(
    "statement",
    "客户对账单",
    reports.STATEMENT_LINES,
    Keyset("day date", "event_on date", "journal_id uuid", "customer_key uuid"),
    {
        **CUSTOMER,
        "event_on": "业务日期",
        "booked_on": "入账日期",
        "kind": "摘要",
        "ref": "单号",
        "debit": "借方",
        "credit": "贷方",
        "customer_key": "客户键",
        "journal_id": "分录号",
    },
    {"kind": {kind.value: title for kind, title in KINDS.items()}},
)


class NoSuchAccount(NotFound):
    """No such customer, or one whose money the caller may not see."""

    code = "no-such-account"
    title_zh = "没有此客户账户"
    title_en = "No such account"


@router.get("/v1/forms/statement", responses=files("pdf", "xlsx"))
async def statement(
    work: Reading,
    customer_key: UUID,
    from_on: Day,
    until_on: Day,
    dates: Dates = "booked",
    on: As = FormFormat.PDF,
) -> Printed:
    """客户对账单 / a customer's statement for a period, with a balance after every line."""
    (customer,) = await work.rows(named.CUSTOMERS, keys=[customer_key]) or (None,)
    if customer is None:
        raise NoSuchAccount("没有此客户，或您无权知悉", "no such customer, or not for you to know")
    asked = statement_asked(customer_key, from_on, until_on, dates)
    await work.see_one_instant()
    sums = await work.row(reports.STATEMENT_BALANCES, **asked)
    assert sums is not None, "sums without GROUP BY are one row"
    lines = await work.rows(f"{reports.STATEMENT_LINES} {_ORDER}", **asked, most=_MOST)
    form = Form(
        code="对账单",
        title="客户对账单",
        subtitle=f"{from_on} 至 {until_on}",
        printing=await printing(work, work.person.staff_code),
        blocks=(
            Fields("", _header(work, customer, sums, by_event=dates == "occurred")),
            Table("", _COLUMNS, _rows(sums["opening"], lines)),
            Fields("", _closing(work, until_on, sums["closing"])),
            Signatures(("制表人", "财务审核", "客户确认")),
        ),
        footnotes=_FOOTNOTES,
        is_landscape=True,
    )
    name = customer["customer_id"] or customer_key
    return Printed(form, on, f"客户对账单-{name}-{from_on}-{until_on}")


@router.get(
    "/v1/ledger/statement/export", roles=ASKING, audited=True, responses=files("csv", "xlsx")
)
async def rows(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    customer_key: UUID,
    from_on: Day,
    until_on: Day,
    dates: Dates = "booked",
    on: ExportAs = ExportFormat.CSV,
) -> Exported:
    """导出对账单 / the lines of a statement, however many."""
    asked = statement_asked(customer_key, from_on, until_on, dates)
    return await exported(request, work, ROWS, purpose, on, asked)


def _header(
    work: Work, customer: RowMapping, sums: RowMapping, *, by_event: bool
) -> list[tuple[str, Value]]:
    return [
        ("客户编号", customer["customer_id"] or "（未编号）"),
        ("客户名称", customer["name"]),
        ("统计口径", "按业务日期" if by_event else "按入账日期"),
        ("金额单位", f"元（{work.currency}）"),
        ("期初余额", sums["opening"]),
        ("本期借方", sums["debits"]),
        ("本期贷方", sums["credits"]),
        ("账户版本", sums["version"]),
    ]


def _rows(opening: Decimal, lines: Sequence[RowMapping]) -> list[list[Value]]:
    """Every line with the balance after it."""
    balance, printed = opening, []
    for line in lines:
        balance += line["debit"] - line["credit"]
        title = KINDS.get(line["kind"], line["kind"])
        amounts: list[Value] = [line["debit"] or None, line["credit"] or None, balance]
        printed.append([line["event_on"], line["booked_on"], title, line["ref"] or "", *amounts])
    return printed


def _closing(work: Work, until_on: date, balance: Decimal) -> list[tuple[str, Value]]:
    return [
        (f"{until_on} 余额", balance),
        ("大写", in_capitals(balance, work.currency)),
    ]
