"""Before the year: the organisation, its people, and the customers that it declares."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.demo.hands import Hands, together
from deploy.demo.world import Customer, Person, World
from deploy.local.suite import Suite

FOUNDED_ON = date(2023, 12, 1)
DECLARED_ON = date(2023, 12, 11)
APPROVED_ON = date(2023, 12, 14)
REGISTERED_ON = date(2023, 12, 20)


@dataclass(slots=True)
class Founding:
    """Everything that has to be there before anybody is visited."""

    suite: Suite
    hands: Hands
    world: World

    async def organisation(self) -> None:
        """Units come in as a file, people as the HR system reports them (R-01, R-08)."""
        file = self.suite.var / "units.csv"
        _write_units(file, self.world)
        self.suite.environment.operate("registry", "import", "units", str(file))
        await self.hands.tell("hr", "staff_joined", [_joined(p) for p in self.world.people])
        await self.hands.settle()

    async def declare(self) -> dict[str, str]:
        """Declare, approve and register every customer (R-20, R-31 to R-33); code to key."""
        declared = await together(self._declare(customer) for customer in self.world.customers)
        keys = {
            customer.code: declaration["customer_key"]
            for customer, declaration in zip(self.world.customers, declared, strict=True)
        }
        await together(
            self._approve(customer, declaration)
            for customer, declaration in zip(self.world.customers, declared, strict=True)
        )
        await together(self._register(key) for key in keys.values())
        await self.hands.settle()
        return keys

    async def _declare(self, customer: Customer) -> dict[str, Any]:
        """A branch reports a lead of the smaller ones; the city's administrator files the rest."""
        unit, role = (
            (customer.branch, "branch_staff")
            if _is_lead(customer)
            else (customer.city, "customer_administrator")
        )
        body = {
            "customer": {
                "name": customer.name,
                "division_code": customer.division_code,
                "industry": customer.industry,
                "unified_credit_code": customer.credit_code,
                "specialty_class": "comprehensive",
                "codes": [{"system": "erp", "code": customer.code}],
            },
            "development_unit": customer.owner,
            "on": DECLARED_ON.isoformat(),
        }
        who = self.world.staff(unit, role)[0]
        declaration: dict[str, Any] = await self.hands.call(
            who, "registry", "POST", "/declarations", body
        )
        return declaration

    async def _approve(self, customer: Customer, declaration: dict[str, Any]) -> None:
        """The director of a centre above approves what an administrator proposed (R-09)."""
        version = declaration["version"]
        if _is_lead(customer):
            version = (await self._propose(customer, declaration))["version"]
        await self.hands.call(
            self.world.staff(customer.city if _is_lead(customer) else "GD", "director")[0],
            "registry",
            "POST",
            f"/declarations/{declaration['declaration_id']}/approve",
            {"on": APPROVED_ON.isoformat()},
            version=version,
        )

    async def _propose(self, customer: Customer, declaration: dict[str, Any]) -> dict[str, Any]:
        """The city's administrator proposes who develops what a branch reported."""
        proposed: dict[str, Any] = await self.hands.call(
            self.world.staff(customer.city, "customer_administrator")[0],
            "registry",
            "POST",
            f"/declarations/{declaration['declaration_id']}/propose",
            {
                "development_unit": customer.owner,
                "reason": "属地",
                "on": DECLARED_ON.isoformat(),
            },
            version=declaration["version"],
        )
        return proposed

    async def _register(self, key: str) -> None:
        province = self.world.staff("GD", "province_administrator")[0]
        customer = await self.hands.call(province, "registry", "GET", f"/customers/{key}")
        await self.hands.call(
            province,
            "registry",
            "POST",
            f"/customers/{key}/register",
            {"on": REGISTERED_ON.isoformat()},
            version=customer["version"],
        )


def _is_lead(customer: Customer) -> bool:
    return customer.owner == customer.county and int(customer.code[2:]) % 3 == 0


def _write_units(file: Path, world: World) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        columns = ("ref", "name", "level", "kind", "parent", "division_code")
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        for unit in world.units:
            row = asdict(unit)
            writer.writerow({"ref": row.pop("unit"), **row})


def _joined(person: Person) -> dict[str, Any]:
    return {
        "ref": f"JOIN-{person.staff_code}",
        "staff_code": person.staff_code,
        "name": person.name,
        "unit": person.unit,
        "roles": list(person.roles),
        "on": FOUNDED_ON.isoformat(),
        "_on": FOUNDED_ON,
    }
