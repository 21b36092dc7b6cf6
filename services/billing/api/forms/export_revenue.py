"""Revenue as a file: the lines that the reports are the sums of (X-11, B-30)."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from services.billing.api.forms.exporting import ASKING, CUSTOMER, As, Purpose, Rows, exported
from services.billing.api.models import Dates
from services.billing.api.revenue.revenue import BusinessLine, Rule, Unit
from services.billing.domain.revenue.periods import Period
from services.billing.storage.revenue import reports
from shared.contracts.values import Day
from shared.documents.answers import Exported, files
from shared.documents.exports import ExportFormat
from shared.http import Commanding, Keyset, Router

router = Router(prefix="/v1/revenue", tags=["revenue"])
_ORDER = Keyset("journal_id uuid", "line_no integer")
COLUMNS = {
    "event_on": "发生日期",
    "booked_on": "入账日期",
    **CUSTOMER,
    "business_line": "业务种类",
    "unit": "单位",
    "kind": "性质",
    "is_increment": "增量",
    "amount": "金额",
    "rule": "分成依据",
    "system": "来源系统",
    "ref": "单号",
    "customer_key": "客户键",
    "posting_id": "收入键",
    "journal_id": "分录号",
    "line_no": "行号",
}
_WORDS = {"kind": {"revenue": "收入", "restatement": "重述"}}


@router.get("/export", roles=ASKING, audited=True, responses=files("csv", "xlsx"))
async def export(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    from_on: Day,
    until_on: Day,
    customer_key: UUID | None = None,
    unit: Unit = None,
    business_line: BusinessLine = None,
    rule: Rule = None,
    is_increment: bool | None = None,
    dates: Dates = "booked",
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出收入 / revenue of the units in sight, a row for each share; it sums to the report."""
    period = Period(from_on, until_on)
    rows = Rows("revenue", "收入明细", reports.lines(dates), _ORDER, COLUMNS, _WORDS)
    asked = {
        "from_on": period.from_on,
        "until_on": period.until_on,
        "customer_key": customer_key,
        "unit": unit,
        "business_line": business_line,
        "rule": rule,
        "is_increment": is_increment,
    }
    return await exported(request, work, rows, purpose, on, asked)
