"""What is done for the customers: visits that are owed, checked and paid for; complaints."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.hands import Hands, instant, together, yuan
from deploy.demo.world import Customer, Person, World

_GATE = (
    ("director-signed", "sales_director", 0),
    ("entered", "back_office", 0),
    ("qualified", "back_office", 1),
)
_COMPLAINTS_A_MONTH = 5
_WORDS = ("邮件延误三天", "揽收人员未按约定时间到达", "账单金额与合同不符", "包裹外包装破损")


@dataclass(slots=True)
class Serving:
    """A month of service at a time."""

    hands: Hands
    world: World
    keys: dict[str, str]
    random: Random
    _customers: dict[str, Customer] = field(init=False)

    def __post_init__(self) -> None:
        by_code = {customer.code: customer for customer in self.world.customers}
        self._customers = {key: by_code[code] for code, key in self.keys.items()}

    async def month(self, year: int, month: int) -> None:
        """Visits, their checks by phone and some expenses, and the month's complaints."""
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        visits = await self._planned(first, last)
        complaints = self._complaints(first)
        await self.hands.tell("crm", "visit_reported", visits)
        await self.hands.tell("callcentre", "complaint_raised", complaints)
        await self.hands.settle()
        await self._verify(first, last)
        await self._pay_expenses(last)
        await self._work_on(complaints, first, last)

    async def _planned(self, first: date, last: date) -> list[dict[str, Any]]:
        """A visit for almost everything that is due this month; some are forgotten."""
        director = self.world.staff("GD", "director")[0]
        owed = await self.hands.pages(
            director, "engagement", "/obligations", due_from=first, due_to=last, state="due"
        )
        visits = []
        for obligation in sorted(owed, key=lambda each: each["obligation_id"]):
            for time in range(obligation["minimum"] - obligation["done"]):
                if self.random.random() < 0.93:
                    day = first + timedelta(days=3 + 10 * time + self.random.randrange(8))
                    visits.append(self._visit(obligation, time, day))
        return visits

    def _visit(self, obligation: dict[str, Any], time: int, day: date) -> dict[str, Any]:
        customer = self._customers[obligation["customer_key"]]
        centre = self.world.staff(customer.city, "account_manager")[0].staff_code
        visitor = obligation["staff_code"] or centre
        visit: dict[str, Any] = {
            "ref": f"V-{customer.code}-{obligation['rule']}-{day:%Y%m%d}-{time}",
            "customer": {"customer_key": obligation["customer_key"]},
            "visitors": [visitor],
            "kind": "dedicated",
            "channel": "visit",
            "target_person": {"level": "working-contact", "name": "张主任"},
            "started_at": instant(day, 9 + self.random.randrange(7)),
            "content": "了解下季度寄递需求，介绍新资费，约定下次拜访时间。",
            "_on": day,
        }
        if self.random.random() < 0.06:
            visit["expense"] = yuan(self.random.randrange(40, 400))
        return visit

    async def _verify(self, first: date, last: date) -> None:
        """The telephone department of each city calls about every visit that costs money."""
        visits = await self.hands.pages(
            self.world.staff("GD", "director")[0],
            "engagement",
            "/visits",
            from_on=first,
            to_on=last,
        )
        costly = [visit for visit in visits if visit["expense"] is not None]
        await together(self._call(visit) for visit in sorted(costly, key=lambda v: v["visit_id"]))

    async def _call(self, visit: dict[str, Any]) -> None:
        telephone = self._person(visit["customer_key"], "telephone")
        path = f"/verifications/{visit['visit_id']}"
        check = await self.hands.call(telephone, "engagement", "GET", path)
        day = date.fromisoformat(visit["visited_on"]) + timedelta(days=1)
        # A fixed few differ from what was written, whatever the order of the calls.
        differs = int(visit["source_ref"][2:].split("-")[1]) % 23 == 7
        found = {"found": "differs" if differs else "confirmed", "at": instant(day, 10)}
        await self.hands.call(
            telephone, "engagement", "POST", f"{path}/calls", found, version=check["version"]
        )

    async def _pay_expenses(self, on: date) -> None:
        director = self.world.staff("GD", "sales_director")[0]
        for expense in await self.hands.pages(director, "engagement", "/expenses", state="pending"):
            await self._sign(expense, on)

    async def _sign(self, expense: dict[str, Any], on: date) -> None:
        """Three signatures of three people, in this order (E-25)."""
        version = expense["version"]
        for step, role, number in _GATE:
            who = self._person(expense["customer_key"], role, number)
            signed = await self.hands.call(
                who,
                "engagement",
                "POST",
                f"/expenses/{expense['expense_id']}/sign",
                {"step": step, "on": on.isoformat()},
                version=version,
            )
            version = signed["version"]

    def _complaints(self, first: date) -> list[dict[str, Any]]:
        complaints = []
        for number in range(_COMPLAINTS_A_MONTH):
            customer = self.random.choice(self.world.customers[:120])
            day = first + timedelta(days=self.random.randrange(1, 20))
            complaints.append(
                {
                    "ref": f"TS-{first:%Y%m}-{number + 1}",
                    "customer": {"customer_key": self.keys[customer.code]},
                    "channel": "phone",
                    "kind": "complaint",
                    "category": "时限",
                    "text": self.random.choice(_WORDS),
                    "occurred_at": instant(day, 10),
                    "unit": customer.city,
                    "_on": day,
                }
            )
        return complaints

    async def _work_on(self, told: list[dict[str, Any]], first: date, last: date) -> None:
        """Assign, answer, resolve and call back; every fifth case is left lying (E-38, E-39)."""
        director = self.world.staff("GD", "director")[0]
        cases = await self.hands.pages(
            director,
            "engagement",
            "/complaints",
            opened_from=instant(first, 0),
            opened_to=instant(last, 23),
        )
        refs = {fact["ref"] for fact in told if not fact["ref"].endswith("-5")}
        await together(self._close(case) for case in cases if case["source_ref"] in refs)

    async def _close(self, case: dict[str, Any]) -> None:
        who = self._person(case["customer_key"], "complaint_handler")
        began = date.fromisoformat(case["occurred_at"][:10])
        steps = (
            ("assign", {"unit": who.unit, "handler": who.staff_code}, 0, 11),
            ("answer", {"text": "已致歉并说明原因，承诺两日内处理。"}, 0, 15),
            ("resolve", {"result": "settled", "text": "已改派线路，客户认可。"}, 1, 16),
            ("call-back", {"said": "satisfied", "text": "客户满意。"}, 2, 10),
        )
        version = case["version"]
        for step, body, days, hour in steps:
            moved = await self.hands.call(
                who,
                "engagement",
                "POST",
                f"/complaints/{case['complaint_id']}/{step}",
                {**body, "at": instant(began + timedelta(days=days), hour)},
                version=version,
            )
            version = moved["version"]

    def _person(self, customer_key: str, role: str, number: int = 0) -> Person:
        return self.world.staff(self._customers[customer_key].city, role)[number]
