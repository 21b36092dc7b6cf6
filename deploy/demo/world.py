"""The made-up post: units, people and customers, the same from the same seed.

Every name, amount and event here is invented. Sizes follow what such a post sees: a few customers
of more than a million yuan a year, some of half a million, many of ten thousand, and a long tail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

SEED = 20250101
CUSTOMERS = 200
BUSINESS_LINES = ("函件", "速递物流", "集邮", "报刊发行", "代理金融")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as registry is told of it."""

    unit: str
    name: str
    parent: str | None
    level: str
    kind: str
    division_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `name` stays in registry."""

    staff_code: str
    name: str
    unit: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer before anybody has declared it; `spend` is its mail spend of 2024 in yuan."""

    code: str
    name: str
    industry: str
    division_code: str
    city: str
    county: str
    branch: str
    spend: Decimal
    growth: Decimal
    credit_code: str

    @property
    def owner(self) -> str:
        """The centre that develops it: the city's for large ones, else the county's."""
        return self.city if self.spend >= 500_000 else self.county


@dataclass(frozen=True, slots=True)
class World:
    """Everybody and everything that the story plays with."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    customers: tuple[Customer, ...]
    bureau_revenue: dict[str, Decimal] = field(default_factory=dict)
    """Yuan a year of each city bureau: the denominators of shares (T-03)."""

    def staff(self, unit: str, role: str) -> list[Person]:
        """The people of `unit` who have `role`."""
        return [p for p in self.people if p.unit == unit and role in p.roles]

    def city_of(self, unit: str) -> str:
        """The city that `unit` (a city, county or branch) belongs to."""
        return unit.split("-")[0]


_CITIES = (
    ("GZ", "广州", "440100", (("TH", "天河区", "440106"), ("HZ", "海珠区", "440105")), 300),
    ("SZ", "深圳", "440300", (("NS", "南山区", "440305"), ("FT", "福田区", "440304")), 280),
    ("FS", "佛山", "440600", (("CC", "禅城区", "440604"), ("NH", "南海区", "440605")), 150),
    ("ST", "汕头", "440500", (("JP", "金平区", "440511"), ("LH", "龙湖区", "440507")), 60),
)
_SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱廖赖徐周叶苏庄吕江何罗高萧潘简朱钟彭游詹胡施沈"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志海春梅文辉玲"
_BRANDS = (
    "远洋 华信 粤达 金禾 宏图 南方 安泰 星河 百川 同创 瑞丰 锦江 天成 海润 嘉业 兴邦 德胜 永和"
)
_TRADES = (
    ("制造业", "电器制造"),
    ("制造业", "精密仪器"),
    ("零售业", "商贸"),
    ("金融业", "保险经纪"),
    ("互联网", "电子商务"),
    ("医药", "药业"),
    ("教育", "教育科技"),
    ("物流", "供应链管理"),
)
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_world(seed: int = SEED) -> World:
    """The world of `seed`: 4 cities, 8 counties, 8 branches, and CUSTOMERS customers."""
    random = Random(seed)
    units = tuple(_units())
    return World(
        units=units,
        people=tuple(_people(random)),
        customers=tuple(_customers(random)),
        bureau_revenue={city: Decimal(million) * 1_000_000 for city, *_, million in _CITIES},
    )


def _units() -> list[Unit]:
    units = [Unit("GD", "广东省邮政局大客户中心", None, "province", "territorial", "440000")]
    for city, name, division, counties, _ in _CITIES:
        title = f"{name}市邮政局大客户中心"
        units.append(Unit(city, title, "GD", "city", "territorial", division))
        for short, county, code in counties:
            unit = f"{city}-{short}"
            title = f"{name}市{county}邮政局大客户中心"
            units.append(Unit(unit, title, city, "county", "territorial", code))
            units.append(Unit(f"{unit}-01", f"{county}中心支局", unit, "branch", "branch", code))
    return units


def _people(random: Random) -> list[Person]:
    def person(code: str, unit: str, *roles: str) -> Person:
        return Person(code, random.choice(_SURNAMES) + random.choice(_GIVEN), unit, roles)

    people = [
        person("GD01", "GD", "province_administrator"),
        person("GD02", "GD", "director"),
        person("GD03", "GD", "sales_director"),
        person("GD04", "GD", "market_department"),
        person("GD05", "GD", "operator"),
        person("GD06", "GD", "auditor"),
        person("GD07", "GD", "specialty"),
    ]
    roles = (
        *("director", "customer_administrator", "finance", "back_office", "back_office"),
        *("telephone", "supervisor", "complaint_handler", "sales_director"),
        *("account_manager", "account_manager", "account_manager"),
    )
    for city, _, _, counties, _ in _CITIES:
        people += [person(f"{city}{n:02}", city, role) for n, role in enumerate(roles, start=1)]
        for short, _, _ in counties:
            unit = f"{city}-{short}"
            people.append(person(f"{city}{short}01", unit, "director"))
            people.append(person(f"{city}{short}02", unit, "customer_administrator"))
            people += [person(f"{city}{short}1{n}", unit, "account_manager") for n in range(4)]
            people.append(person(f"{city}{short}21", f"{unit}-01", "branch_staff"))
    return people


def _customers(random: Random) -> list[Customer]:
    names: set[str] = set()
    customers = []
    for number in range(1, CUSTOMERS + 1):
        city, city_name, _, counties, _ = _CITIES[random.choices(range(4), (5, 4, 3, 2))[0]]
        short, _, division = random.choice(counties)
        industry, trade = random.choice(_TRADES)
        customers.append(
            Customer(
                code=f"C-{number:04}",
                name=_name(random, names, city_name, trade),
                industry=industry,
                division_code=division,
                city=city,
                county=f"{city}-{short}",
                branch=f"{city}-{short}-01",
                spend=_spend(random, number),
                growth=Decimal(
                    str(round(random.choice((0.5, 0.8, 0.95, 1.05, 1.15, 1.3, 2.2)), 2))
                ),
                credit_code=_credit_code(division, number),
            )
        )
    return customers


def _spend(random: Random, number: int) -> Decimal:
    low, high = next(
        band
        for upto, band in (
            (10, (1_000_000, 3_000_000)),
            (26, (500_000, 1_000_000)),
            (60, (100_000, 500_000)),
            (120, (10_000, 100_000)),
            (CUSTOMERS, (1_000, 10_000)),
        )
        if number <= upto
    )
    return Decimal(random.randrange(low, high))


def _name(random: Random, taken: set[str], city: str, trade: str) -> str:
    while True:
        brand = random.choice(_BRANDS.split()) + random.choice(("", "", "国际", "新", "联合"))
        name = f"{city}{brand}{trade}有限公司"
        if name not in taken:
            taken.add(name)
            return name


def _credit_code(division: str, number: int) -> str:
    """A well-formed unified social credit code (GB 32100-2015) that belongs to nobody."""
    stem = f"91{division}MA5D{number:05}"
    total = sum(
        _CREDIT_LETTERS.index(letter) * weight
        for letter, weight in zip(stem, _CREDIT_WEIGHTS, strict=True)
    )
    return stem + _CREDIT_LETTERS[-total % 31]
