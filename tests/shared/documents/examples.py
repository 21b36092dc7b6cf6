"""A form with everything that a form can have, and texts that want to be more than text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.documents import Column, Fields, Form, Notes, Printing, Signatures, Table, Value

MARKUP = '*广州* #strong[南方] $x$ <a> @b \\ `c` "d" //e #read("form.typ")'
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "http://a.example")
PRINTED_AT = datetime(2026, 3, 16, 2, 0, 30, 123456, tzinfo=UTC)


def form(*blocks: Any, **others: Any) -> Form:
    """A form of `blocks`, or with a block of every kind."""
    described: dict[str, Any] = {
        "code": "表1",
        "title": "大客户分类排序表",
        "printing": Printing("广东省邮政局大客户中心", "G001 陈志强", PRINTED_AT),
        "blocks": blocks or everything(),
        "subtitle": "广州市邮政局大客户中心",
        "footnotes": ["版式为本系统设计"],
    }
    return Form(**{**described, **others})


def everything() -> Sequence[Any]:
    """A block of every kind."""
    rows: list[list[Value]] = [
        [number, text, Decimal("12.50")] for number, text in enumerate(FORMULAS)
    ]
    return (
        Fields(
            "一、基本信息", [("客户名称", MARKUP), ("登记日期", date(2026, 1, 2)), ("备注", None)]
        ),
        Table(
            "二、明细", [Column("序号", 4), Column("内容", 20), Column("金额", 8, "right")], rows
        ),
        Table("三、空表", [Column("甲"), Column("乙")], []),
        Notes("四、意见", ["同意 #pagebreak()"]),
        Signatures(["客户管理员", "总监"]),
    )
