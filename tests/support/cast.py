"""One cast for all tests: a province, two cities, their counties and branches, people, customers.

    GD 广东省邮政局大客户中心
    ├─ GZ 广州市…  ├─ GZ-TH 天河区…  ├─ GZ-TH-01 体育西支局, GZ-TH-02 石牌支局
    │              └─ GZ-PY 番禺区…
    ├─ SZ 深圳市…  └─ SZ-NS 南山区…  └─ SZ-NS-01 科技园支局
    └─ GD-EMS 速递物流局 (a specialty bureau)

Every name, number and place of business is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.envelope import Entity, Published
from shared.contracts.registry import (
    Aspect,
    CustomerChanged,
    CustomerCode,
    CustomerState,
    Grant,
    ScopeChanged,
    StaffChanged,
    StaffState,
    UnitChanged,
    UnitLevel,
)
from shared.directory import DIRECTORY
from shared.identifiers import derived_id
from shared.messaging.consumers import Consumers
from shared.work import Work
from tests.support.facts import batch

SINCE = date(2020, 1, 1)
"""From when everything in the cast holds."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; `parent` is the code of the unit above."""

    code: str
    name: str
    parent: str | None
    level: UnitLevel
    kind: str
    division_code: str

    def changed(self) -> UnitChanged:
        """The fact that registry publishes about it."""
        return UnitChanged(
            entity=Entity(type="unit", id=self.code, version=1),
            unit=self.code,
            parent=self.parent,
            level=self.level,
            kind=self.kind,
            name=self.name,
            division_code=self.division_code,
            region_class=1 if self.level is UnitLevel.CITY else None,
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; the name is for reading tests, facts carry none."""

    code: str
    name: str
    unit: str
    roles: tuple[str, ...]
    state: StaffState = StaffState.ACTIVE

    def changed(self) -> StaffChanged:
        """The fact that registry publishes about him or her."""
        return StaffChanged(
            entity=Entity(type="staff", id=self.code, version=1),
            staff_code=self.code,
            unit=self.unit,
            roles=self.roles,
            state=self.state,
            on=SINCE,
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, its owner unit, and its code in the other system called `erp`."""

    code: str
    name: str
    owner_unit: str
    division_code: str
    customer_id: str | None = None
    state: CustomerState = CustomerState.REGISTERED
    kind: str = "commercial"
    head_office: str | None = None

    @property
    def key(self) -> UUID:
        """Its customer key, the same in every run."""
        return derived_id("cast", "customer", self.code)

    def changed(self) -> CustomerChanged:
        """The fact that registry publishes about it."""
        is_approved = self.state is not CustomerState.DECLARED
        return CustomerChanged(
            entity=Entity(type="customer", id=str(self.key), version=1),
            customer_key=self.key,
            state=self.state,
            customer_id=self.customer_id,
            name=self.name,
            kind=self.kind,
            division_code=self.division_code,
            head_office_key=(
                None
                if self.head_office is None
                else derived_id("cast", "customer", self.head_office)
            ),
            codes=(CustomerCode(system="erp", code=self.code),),
            declared_on=SINCE,
            approved_on=SINCE if is_approved else None,
            registered_on=SINCE if self.customer_id is not None else None,
            suspended_on=SINCE if self.state is CustomerState.SUSPENDED else None,
            closed_on=SINCE if self.state is CustomerState.CLOSED else None,
        )

    def scope(self) -> ScopeChanged:
        """The grants of its owner unit: everything but the archive of others."""
        return ScopeChanged(
            entity=Entity(type="scope", id=str(self.key), version=1),
            customer_key=self.key,
            grants=tuple(
                Grant(unit=self.owner_unit, aspect=aspect, from_on=SINCE)
                for aspect in sorted((Aspect.BASE, Aspect.ARCHIVE, Aspect.MONEY))
            ),
        )


def _centre(code: str, place: str, parent: str | None, level: UnitLevel, division: str) -> Unit:
    return Unit(code, f"{place}邮政局大客户中心", parent, level, "territorial", division)


def _branch(code: str, name: str, parent: str, division: str) -> Unit:
    return Unit(code, name, parent, UnitLevel.BRANCH, "branch", division)


PROVINCE = _centre("GD", "广东省", None, UnitLevel.PROVINCE, "440000")
GUANGZHOU = _centre("GZ", "广州市", "GD", UnitLevel.CITY, "440100")
TIANHE = _centre("GZ-TH", "广州市天河区", "GZ", UnitLevel.COUNTY, "440106")
TIYUXI = _branch("GZ-TH-01", "体育西支局", "GZ-TH", "440106")
SHIPAI = _branch("GZ-TH-02", "石牌支局", "GZ-TH", "440106")
PANYU = _centre("GZ-PY", "广州市番禺区", "GZ", UnitLevel.COUNTY, "440113")
SHENZHEN = _centre("SZ", "深圳市", "GD", UnitLevel.CITY, "440300")
NANSHAN = _centre("SZ-NS", "深圳市南山区", "SZ", UnitLevel.COUNTY, "440305")
KEJIYUAN = _branch("SZ-NS-01", "科技园支局", "SZ-NS", "440305")
EXPRESS = Unit("GD-EMS", "广东省速递物流局", "GD", UnitLevel.CITY, "specialty", "440000")
UNITS = (
    *(PROVINCE, GUANGZHOU, TIANHE, TIYUXI, SHIPAI, PANYU),
    *(SHENZHEN, NANSHAN, KEJIYUAN, EXPRESS),
)

PROVINCE_ADMINISTRATOR = Person("P001", "何静", "GD", ("province_administrator",))
PROVINCE_DIRECTOR = Person("P002", "林国栋", "GD", ("director",))
AUDITOR = Person("P003", "邱敏", "GD", ("auditor",))
OPERATOR = Person("P004", "罗斌", "GD", ("operator",))
SALES_DIRECTOR = Person("P005", "谭建华", "GD", ("sales_director",))
MARKET_DEPARTMENT = Person("P006", "苏婷", "GD", ("market_department",))
SPECIALTY = Person("P007", "袁涛", "GD-EMS", ("specialty",))
PROVINCE_FINANCE = Person("P008", "贺琴", "GD", ("finance",))
CITY_DIRECTOR = Person("G001", "陈志强", "GZ", ("director",))
CITY_DEPUTY = Person("G002", "梁慧", "GZ", ("deputy_director",))
CITY_ADMINISTRATOR = Person("G003", "黄丽", "GZ", ("customer_administrator",))
MANAGER_A = Person("G004", "李明", "GZ", ("account_manager",))
MANAGER_B = Person("G005", "张伟", "GZ", ("account_manager",))
FINANCE = Person("G006", "周芳", "GZ", ("finance",))
BACK_OFFICE = Person("G007", "吴敏", "GZ", ("back_office",))
TELEPHONE = Person("G008", "郑洁", "GZ", ("telephone",))
SUPERVISOR = Person("G009", "冯凯", "GZ", ("supervisor",))
COMPLAINT_HANDLER = Person("G010", "许倩", "GZ", ("complaint_handler",))
COUNTY_MANAGER = Person("T001", "曾辉", "GZ-TH", ("account_manager",))
COUNTY_DIRECTOR = Person("T002", "彭亮", "GZ-TH", ("director",))
BRANCH_STAFF = Person("T003", "邓洁", "GZ-TH-01", ("branch_staff",))
OTHER_CITY_DIRECTOR = Person("S001", "蔡文", "SZ", ("director",))
OTHER_CITY_ADMINISTRATOR = Person("S002", "唐琳", "SZ", ("customer_administrator",))
OTHER_CITY_MANAGER = Person("S003", "杜鹏", "SZ", ("account_manager",))
OTHER_CITY_FINANCE = Person("S004", "叶青", "SZ", ("finance",))
WHO_LEFT = Person("G011", "方正", "GZ", ("account_manager",), StaffState.LEFT)
STAFF = (
    *(PROVINCE_ADMINISTRATOR, PROVINCE_DIRECTOR, AUDITOR, OPERATOR, SALES_DIRECTOR),
    *(MARKET_DEPARTMENT, SPECIALTY, PROVINCE_FINANCE),
    *(CITY_DIRECTOR, CITY_DEPUTY, CITY_ADMINISTRATOR),
    *(MANAGER_A, MANAGER_B, FINANCE, BACK_OFFICE, TELEPHONE, SUPERVISOR, COMPLAINT_HANDLER),
    *(COUNTY_MANAGER, COUNTY_DIRECTOR, BRANCH_STAFF, OTHER_CITY_DIRECTOR),
    *(OTHER_CITY_ADMINISTRATOR, OTHER_CITY_MANAGER, OTHER_CITY_FINANCE, WHO_LEFT),
)

ELECTRONICS = Customer("C-1001", "广州珠江电子有限公司", "GZ", "440106", "44010600001000")
INSURER = Customer("C-1002", "岭南保险股份有限公司", "GZ", "440106", "44010600002000")
INSURER_BRANCH = Customer(
    *("C-1003", "岭南保险股份有限公司番禺支公司", "GZ-PY", "440113", "44010600002001"),
    head_office="C-1002",
)
TRAFFIC_POLICE = Customer(
    *("C-1004", "广州市某交通警察支队", "GZ", "440100", "44010000001000"), kind="policy"
)
SOFTWARE = Customer("C-2001", "深圳前海软件有限公司", "SZ", "440305", "44030500001000")
APPROVED = Customer(
    *("C-1005", "广州新港贸易有限公司", "GZ", "440106"), state=CustomerState.APPROVED
)
DECLARED = Customer(
    *("C-1006", "广州海珠纺织有限公司", "GZ", "440105"), state=CustomerState.DECLARED
)
SUSPENDED = Customer(
    *("C-1007", "广州信诚物流有限公司", "GZ", "440113", "44011300001000"),
    state=CustomerState.SUSPENDED,
)
CLOSED = Customer(
    *("C-1008", "广州旧城百货有限公司", "GZ", "440104", "44010400001000"),
    state=CustomerState.CLOSED,
)
CUSTOMERS = (
    *(ELECTRONICS, INSURER, INSURER_BRANCH, TRAFFIC_POLICE, SOFTWARE),
    *(APPROVED, DECLARED, SUSPENDED, CLOSED),
)


def facts() -> list[Published]:
    """What registry publishes about the whole cast, units first."""
    people: list[Published] = [person.changed() for person in STAFF]
    customers: list[Published] = [customer.changed() for customer in CUSTOMERS]
    scopes = [customer.scope() for customer in CUSTOMERS]
    return [*(unit.changed() for unit in UNITS), *people, *customers, *scopes]


async def seed(work: Work) -> None:
    """Put the cast into the directory of the service that `work` belongs to."""
    await Consumers(*DIRECTORY).dispatch(work, batch(*facts()))
