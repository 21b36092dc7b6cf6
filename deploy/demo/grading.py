"""Who matters how much: tiers by two schemes, managers, contracts, and a dispute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.demo.hands import Hands, together
from deploy.demo.world import Customer, World

SCHEMES = ("guangdong-post-2005", "city-post-2012")
MANAGED = 120
CONTRACTS = 40
MANAGERS_ON = date(2025, 1, 22)
SIGNED_FROM = date(2025, 2, 5)


@dataclass(slots=True)
class Grading:
    """Decisions about customers, taken over HTTP by those who may."""

    hands: Hands
    world: World
    keys: dict[str, str]

    async def approve_tiers(self, cut_off: date, on: date) -> int:
        """Approve what the scoring at `cut_off` proposes, in both schemes (T-30); how many."""
        market = self.world.staff("GD", "market_department")[0]
        approved = 0
        for scheme in SCHEMES:
            body = {"scheme": scheme, "cut_off": cut_off.isoformat(), "on": on.isoformat()}
            answer = await self.hands.call(market, "tiering", "POST", "/proposals/approve", body)
            approved += len(answer["approved"])
        await self.hands.settle()
        return approved

    async def assign_managers(self) -> None:
        """Name an A and a B manager for every customer that is visited (R-48)."""
        await together(
            self._assign(number, customer)
            for number, customer in enumerate(self.world.customers[:MANAGED])
        )
        await self.hands.settle()

    async def sign_contracts(self) -> None:
        """Sign the first contracts: from then on B leads (R-36, R-48)."""
        await together(
            self._sign(number, customer)
            for number, customer in enumerate(self.world.customers[:CONTRACTS])
        )
        await self.hands.settle()

    async def dispute(self, opened_on: date, ruled_on: date, effective_on: date) -> dict[str, Any]:
        """Another city claims the largest customer; the province rules and shares its revenue."""
        customer = self.world.customers[0]
        rival = next(city for city in self.world.bureau_revenue if city != customer.city)
        claim = await self.hands.call(
            self.world.staff(rival, "director")[0],
            "registry",
            "POST",
            "/disputes",
            {
                "customer_key": self.keys[customer.code],
                "claimants": [rival],
                "statement": "该客户在本市的收寄量占三成以上",
                "on": opened_on.isoformat(),
            },
        )
        ruled: dict[str, Any] = await self.hands.call(
            self.world.staff("GD", "director")[0],
            "registry",
            "POST",
            f"/disputes/{claim['dispute_id']}/rule",
            {
                "owner_unit": customer.owner,
                "effective_on": effective_on.isoformat(),
                "reason": "签约机构所在地不变；收寄地分成三成",
                "base": [
                    {"unit": customer.owner, "share": "0.7"},
                    {"unit": rival, "share": "0.3"},
                ],
                "on": ruled_on.isoformat(),
            },
            version=claim["version"],
        )
        await self.hands.settle()
        return ruled

    async def _assign(self, number: int, customer: Customer) -> None:
        managers = self.world.staff(customer.county, "account_manager")
        lead, second = (managers[(number + step) % len(managers)] for step in (0, 1))
        await self.hands.call(
            self.world.staff(customer.city, "customer_administrator")[0],
            "registry",
            "POST",
            f"/customers/{self.keys[customer.code]}/managers/assign",
            {
                "a_staff_code": lead.staff_code,
                "b_staff_code": second.staff_code,
                "on": MANAGERS_ON.isoformat(),
            },
            version=0,
        )

    async def _sign(self, number: int, customer: Customer) -> None:
        signed_on = SIGNED_FROM + timedelta(days=number % 20)
        await self.hands.call(
            self.world.staff(customer.city, "customer_administrator")[0],
            "registry",
            "POST",
            "/contracts",
            {
                "customer_key": self.keys[customer.code],
                "signed_at_unit": customer.owner,
                "signed_on": signed_on.isoformat(),
                "contract_number": f"HT-2025-{number + 1:03}",
            },
        )
