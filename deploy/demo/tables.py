"""The result as tables for a person."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(figures: dict[str, Any], console: Console) -> None:
    """Print every part of the report."""
    owners = Table("单位 unit", "名称 name", "客户 customers", title="归属 / owners")
    for row in figures["owners"]:
        if row["customers"]:
            owners.add_row(row["unit"], row["name"], str(row["customers"]))
    console.print(owners)
    for scheme, tiers in figures["tiers"].items():
        moved = figures["movers"][scheme]
        table = Table("等级 tier", "客户 customers", title=f"等级分布 / tiers: {scheme}")
        for tier in tiers:
            table.add_row(tier["tier"] or "—", str(tier["customers"]))
        table.caption = f"升 up {moved.get('up', 0)}, 降 down {moved.get('down', 0)}"
        console.print(table)
    duties = Table(
        "单位 unit", "岗位 role", "完成 met", "逾期 overdue", title="走访义务 / obligations"
    )
    for row in figures["obligations"]:
        duties.add_row(row["unit"], row["role"], str(row["met"]), str(row["overdue"]))
    console.print(duties)
    cases = Table("单位 unit", "未结 open", "已结 closed", title="投诉 / complaints")
    for row in figures["complaints"]:
        cases.add_row(row["unit"], str(row["open"]), str(row["closed"]))
    cases.caption = f"超时 breaches: {figures['breaches']}"
    console.print(cases)
    _pairs(console, "报销 / expenses", figures["expenses"])
    _pairs(console, "定金 / deposits", figures["deposits"])
    _pairs(console, "账龄 / ageing (CNY)", figures["ageing"])
    trial = Table(
        "科目 account", "借 debit", "贷 credit", "余额 balance", title="试算平衡 / trial balance"
    )
    for row in figures["trial_balance"]:
        name = f"{row['number']} {row['title_zh']} {row['title_en']}"
        trial.add_row(name, row["debit"], row["credit"], row["balance"])
    console.print(trial)
    _pairs(console, "单位收入 / unit revenue (CNY)", figures["unit_revenue"])
    by_rule = {rule: row["amount"] for rule, row in figures["revenue_2025_by_rule"].items()}
    _pairs(console, "2025 年收入按分成依据 / revenue by rule (CNY)", by_rule)
    _pairs(console, "逾期天数 / days late", figures["days_late"])


def _pairs(console: Console, title: str, pairs: dict[str, Any]) -> None:
    table = Table("", "", title=title, show_header=False)
    for name, value in pairs.items():
        table.add_row(name, str(value))
    console.print(table)
