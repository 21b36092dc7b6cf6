"""R-81 over the real bus: two customers become one in all services, and two again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.cast import load_cast
from deploy.local.suite import Suite
from tests.scenarios.import_mappings import CHARGES, CUSTOMERS, PAYMENTS, REVENUE
from tests.scenarios.importing_site import DIRECTOR, FINANCE, Site

YEAR = {"from_on": "2024-01-01", "until_on": "2024-12-31"}
ALL = ("registry", "tiering", "engagement", "billing")


@pytest.fixture
def site(new_suite: Callable[[str], Suite], tmp_path: Path) -> Site:
    """A suite of its own with two customers, each with revenue and a charge."""
    suite = new_suite("merging")
    load_cast(suite)
    site = Site(suite, tmp_path)
    for name, mapping in {
        "customers": CUSTOMERS,
        "revenue": REVENUE,
        "charges": CHARGES,
        "payments": PAYMENTS,
    }.items():
        site.write(f"{name}.yaml", mapping)
    bring(
        site,
        "registry",
        "customers",
        "客户编号,客户名称\nM-1,广州南方机械有限公司\nM-2,广州南方机械厂\n",
    )
    site.drain(*ALL)
    bring(site, "billing", "revenue", revenue("R-1,M-1,100", "R-2,M-2,30"))
    bring(
        site,
        "billing",
        "charges",
        "账单号,客户,金额,开账日,到期日\nC-1,M-1,80.00,2024-03-01,2024-06-30\n"
        "C-2,M-2,50.00,2024-03-01,2024-03-31\n",
    )
    site.drain(*ALL)
    return site


def revenue(*rows: str) -> str:
    """A file of revenue: number, customer, yuan."""
    lines = "".join(f"{row},2024-03-05,1\n" for row in rows)
    return f"单号,客户,单价,日期,数量\n{lines}"


def bring(site: Site, service: str, kind: str, text: str) -> None:
    """An operator imports a file."""
    name = f"{uuid4().hex}.csv"
    site.write(name, text)
    done = site.imports(service, kind, name, "--mapping", f"{kind}.yaml")
    assert done.code == 0, done.words


def post(site: Site, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The director of the province decides."""
    code, unit, role = DIRECTOR
    token = site.suite.environment.issuer.mint(code, unit, [role], datetime.now(UTC))
    answer = httpx.post(
        f"{site.suite.urls['registry']}{path}",
        json=body,
        headers={"authorization": f"Bearer {token}", "idempotency-key": uuid4().hex},
        timeout=30,
    )
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(site: Site, *keys: str) -> dict[str, Any]:
    """What the services tell of the customers."""
    by_customer = {**YEAR, "by": "customer"}
    told = site.get(DIRECTOR, "billing", "/v1/revenue", **by_customer)["items"]
    totals = site.get(DIRECTOR, "tiering", "/v1/totals/summary", by="customer")["items"]
    return {
        "revenue": {row["customer_key"]: row["amount"] for row in told},
        "totals": {row["key"]: row["amount"] for row in totals},
        "owed": {
            key: site.get(FINANCE, "billing", "/v1/ledger/statement", customer_key=key, **YEAR)[
                "closing"
            ]
            for key in keys
        },
    }


def test_r81_two_customers_become_one_in_all_services_and_two_again(site: Site) -> None:
    survivor, merged = (site.customer("erp", code)["customer_key"] for code in ("M-1", "M-2"))
    alone = figures(site, survivor, merged)
    assert alone["revenue"] == alone["totals"] == {survivor: "100.00", merged: "30.00"}
    assert alone["owed"] == {survivor: "80.00", merged: "50.00"}

    pair = {"merged": merged, "survivor": survivor}
    preview = site.get(DIRECTOR, "registry", "/v1/duplicates/merge-preview", **pair)
    assert preview["is_mergeable"], preview["obstacles"]
    decided = {**pair, "reason": "同一客户", "preview": preview["preview"]}
    merge = post(site, "/v1/duplicates/merges", decided)
    # Under way while the others hear of it: a fact under the old code, cash under the new one.
    bring(site, "billing", "revenue", revenue("R-3,M-2,7"))
    paid = "流水号,账户,付款人,金额,日期,账单号\nP-1,4400-1001-88,M-1,50.00,2024-03-20,\n"
    bring(site, "billing", "payments", paid)
    site.drain(*ALL)

    one = figures(site, survivor, merged)
    assert one["revenue"] == one["totals"] == {survivor: "137.00"}
    assert one["owed"] == {survivor: "80.00", merged: "80.00"}
    ageing = site.get(FINANCE, "billing", "/v1/ageing", on="2024-12-31")["customers"]
    assert [(row["customer_key"], row["balance"]) for row in ageing] == [(survivor, "80.00")]
    assert site.customer("erp", "M-2")["survivor_key"] == survivor

    post(site, f"/v1/duplicates/merges/{merge['merge_id']}/undo", {"reason": "误判"})
    site.drain(*ALL)
    two = figures(site, survivor, merged)
    assert two["revenue"] == two["totals"] == {survivor: "100.00", merged: "37.00"}
    assert two["owed"] == {survivor: "30.00", merged: "50.00"}
    ageing = site.get(FINANCE, "billing", "/v1/ageing", on="2024-12-31")["customers"]
    owed = {row["customer_key"]: row["balance"] for row in ageing}
    assert owed == {survivor: "30.00", merged: "50.00"}
