"""What the customers reserve, owe and pay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.demo.hands import Hands
from deploy.demo.trade import Trade
from deploy.demo.world import Customer, Person, World

PRICE = "300000.00"
DEPOSITED_ON = date(2025, 3, 10)


@dataclass(slots=True)
class Money:
    """Bills and payments month by month, and the deposits of spring."""

    hands: Hands
    world: World
    keys: dict[str, str]
    charges: list[dict[str, Any]]
    payments: list[dict[str, Any]]

    @classmethod
    def of_the_year(
        cls, hands: Hands, world: World, keys: dict[str, str], trade: Trade, year: int
    ) -> Money:
        """All bills of `year` with how they are paid, some of it in the next one."""
        charges = [charge for quarter in range(1, 5) for charge in trade.charges(year, quarter)]
        return cls(hands, world, keys, charges, trade.payments(charges))

    async def between(self, first: date, last: date) -> None:
        """Send what is billed and paid on these days, both included."""
        await self.hands.tell("erp", "charge_raised", _told(self.charges, first, last))
        await self.hands.tell("bank", "payment_received", _told(self.payments, first, last))

    async def deposits(self) -> None:
        """Four objects are reserved: upgraded and applied, upgraded and lapsed, lapsed, paid back
        (B-01, B-02, B-08, B-11)."""
        signs, lapses_large, lapses_small, takes_back = self.world.customers[30:34]
        large = await self._upgrade(await self._take(signs, "AD-A-01", "small", "5000.00"))
        await self._sign_and_apply(signs, large)
        await self._upgrade(await self._take(lapses_large, "AD-A-02", "small", "3000.00"))
        await self._take(lapses_small, "AD-A-03", "small", "500.00")
        returned = await self._take(takes_back, "AD-A-04", "large", "20000.00")
        await self._post(
            takes_back,
            f"/deposits/{returned['deposit_id']}/refund",
            {"reason": "双方协商解除", "on": (DEPOSITED_ON + timedelta(days=5)).isoformat()},
            version=returned["version"],
            role="sales_director",
        )

    async def _take(self, customer: Customer, code: str, kind: str, amount: str) -> dict[str, Any]:
        terms = {
            "customer_key": self.keys[customer.code],
            "object_code": code,
            "price": PRICE,
            "on": DEPOSITED_ON.isoformat(),
        }
        await self._agree(customer, terms)
        return await self._post(customer, "/deposits", {**terms, "kind": kind, "amount": amount})

    async def _agree(self, customer: Customer, terms: dict[str, str]) -> None:
        """Customer, salesperson and manager sign before any money is taken (B-05)."""
        path, on = "/preliminary-agreements", {"on": DEPOSITED_ON.isoformat()}
        drawn_up = {**terms, "number": f"YD-{terms['object_code']}"}
        agreed = await self._post(customer, path, drawn_up, role="account_manager")
        for role, signed in (
            ("account_manager", {"party": "customer", "signatory": "王先生"}),
            ("account_manager", {"party": "salesperson"}),
            ("supervisor", {"party": "manager"}),
        ):
            agreed = await self._post(
                customer,
                f"{path}/{agreed['preliminary_id']}/signatures",
                {**signed, **on},
                version=agreed["version"],
                role=role,
            )

    async def _upgrade(self, deposit: dict[str, Any]) -> dict[str, Any]:
        on = DEPOSITED_ON + timedelta(days=2)
        customer = next(
            c for c in self.world.customers if self.keys[c.code] == deposit["customer_key"]
        )
        return await self._post(
            customer,
            f"/deposits/{deposit['deposit_id']}/upgrade",
            {"amount": "15000.00", "on": on.isoformat()},
            version=deposit["version"],
        )

    async def _sign_and_apply(self, customer: Customer, deposit: dict[str, Any]) -> None:
        on = DEPOSITED_ON + timedelta(days=9)
        agreement = await self._post(
            customer,
            "/agreements",
            {
                "number": "GG-2025-001",
                "object_code": deposit["object_code"],
                "customer_key": deposit["customer_key"],
                "price": PRICE,
                "signed_on": on.isoformat(),
                "signed_at_unit": customer.owner,
                "business_line": "函件",
                "instalments": [
                    {"number": 1, "amount": "100000.00", "due_on": "2025-04-30"},
                    {"number": 2, "amount": "200000.00", "due_on": "2025-10-31"},
                ],
            },
            role="account_manager",
        )
        await self._post(
            customer,
            f"/deposits/{deposit['deposit_id']}/apply",
            {"agreement_id": agreement["agreement_id"], "on": on.isoformat()},
            version=deposit["version"],
        )

    async def _post(
        self,
        customer: Customer,
        path: str,
        body: dict[str, Any],
        *,
        version: int | None = None,
        role: str = "finance",
    ) -> dict[str, Any]:
        """Only finance staff handle money (B-04); others sign, and decide what becomes of it."""
        who: Person = self.world.staff(customer.city, role)[0]
        answer: dict[str, Any] = await self.hands.call(
            who, "billing", "POST", path, body, version=version
        )
        return answer


def _told(facts: Iterable[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    return [fact for fact in facts if first <= fact["_on"] <= last]
