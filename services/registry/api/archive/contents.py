"""What may be written into the parts of an archive; shown content is that of the domain."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from services.registry.api.models import Command
from services.registry.domain.archive.parts.extended import LifecycleStage
from services.registry.domain.archive.parts.fields import Section
from services.registry.domain.archive.parts.key_people import Influence, Relation
from services.registry.domain.archive.shapes import KINDS, Content
from shared.contracts.values import LINE_PATTERN, Amount, Code, Count, Exact, Label, Name, Year

Line = Annotated[str, Field(min_length=1, max_length=500, pattern=LINE_PATTERN)]
Words = Annotated[str, Field(min_length=1, max_length=5000)]
Person = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f*]+$")]
Phone = Annotated[str, Field(pattern=r"^[0-9+() -]{3,40}$")]
"""No asterisk: what somebody saw behind a mask is never written back as a number."""
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s*]+@[^@\s*]+$")]
Postcode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Several = Annotated[list[Label], Field(max_length=50)]
Share = Annotated[Exact, Field(ge=0, le=1)]


class PostalUseIn(Command):
    """Spend in yuan and volume in pieces of one year."""

    year: Year
    spend: Amount
    volume: Count | None = None
    remark: Line | None = None


class BasicIn(Command):
    """The basic part (R-61)."""

    full_name: Name | None = None
    short_name: Name | None = None
    address: Line | None = None
    postcode: Postcode | None = None
    head: Person | None = None
    head_position: Label | None = None
    contact: Person | None = None
    phone: Phone | None = None
    email: Email | None = None
    fax: Phone | None = None
    size: Label | None = None
    industry: Label | None = None
    business_scope: Line | None = None
    main_products: Several = Field(default=[])
    postal_services: Several = Field(default=[])
    postal_use: list[PostalUseIn] = Field(default=[], max_length=100)


class RelationshipIn(Command):
    """One line of the relationship network table (R-62)."""

    industry: Label | None = None
    customer: Name | None = None
    department: Label | None = None
    decision_maker: Person | None = None
    intermediary: Person | None = None
    contact: Phone | None = None
    our_owner: Code | None = None
    cases: Words | None = None


class DefinitionIn(Command):
    """客户界定模型 / why this is a key account."""

    criteria: Line | None = None
    evidence: Words | None = None
    kind: Label | None = None


class ChannelIn(Command):
    """客户渠道模型 / how the customer is reached and buys."""

    channels: Several = Field(default=[])
    preferred: Label | None = None
    purchasing_path: Words | None = None


class NeedsIn(Command):
    """客户需求模型 / service type, quality, time, place, price, route, value-added."""

    service_type: Line | None = None
    quality: Line | None = None
    time: Line | None = None
    place: Line | None = None
    price: Line | None = None
    route: Line | None = None
    value_added: Line | None = None


class BehaviourIn(Command):
    """客户行为模型 / how the customer behaves."""

    purchase_rhythm: Line | None = None
    peak_periods: Line | None = None
    payment_habits: Line | None = None
    switching: Line | None = None


class LifecycleIn(Command):
    """客户生命周期模型 / where the customer stands in its life with us."""

    stage: LifecycleStage | None = None
    since_on: date | None = None
    signs: Words | None = None


class ValueIn(Command):
    """客户综合价值模型 / value past, present and possible, yuan a year."""

    historical: Amount | None = None
    current: Amount | None = None
    potential: Amount | None = None
    grounds: Words | None = None


class ExtendedIn(Command):
    """The extended part with the network table and the six models (R-62, R-63)."""

    ownership_form: Label | None = None
    founded_on: date | None = None
    registered_capital: Label | None = None
    employees: Count | None = None
    bank_account: Line | None = None
    relationships: list[RelationshipIn] = Field(default=[], max_length=200)
    definition: DefinitionIn = DefinitionIn()
    channel: ChannelIn = ChannelIn()
    needs: NeedsIn = NeedsIn()
    behaviour: BehaviourIn = BehaviourIn()
    lifecycle: LifecycleIn = LifecycleIn()
    value: ValueIn = ValueIn()


class KeyPersonIn(Command):
    """One of the key people; `person_id` stays the same from version to version."""

    person_id: Code
    name: Person | None = None
    position: Label | None = None
    department: Label | None = None
    influence: Influence = Influence.CONTACT
    relation: Relation = Relation.UNKNOWN
    relation_note: Words | None = None
    is_main_contact: bool = False
    our_contact: Code | None = None
    phone: Phone | None = None
    email: Email | None = None
    born_on: date | None = None
    hobbies: Several = Field(default=[])


class DecisionStepIn(Command):
    """A step of the decision procedure, and which key people take part."""

    what: Line
    participants: list[Code] = Field(default=[], max_length=50)


class KeyPeopleIn(Command):
    """The key person map (R-64)."""

    people: list[KeyPersonIn] = Field(default=[], max_length=200)
    steps: list[DecisionStepIn] = Field(default=[], max_length=50)
    procedure: Words | None = None


class CompetitorIn(Command):
    """Another supplier; `share` of the customer's spending as a fraction of one."""

    name: Name
    services: Several = Field(default=[])
    share: Share | None = None
    since_on: date | None = None
    strengths: Words | None = None
    weaknesses: Words | None = None
    prices: Words | None = None
    inside_facts: Words | None = None
    contact: Person | None = None
    contact_phone: Phone | None = None


class CompetitorsIn(Command):
    """The competitors at the customer (R-61)."""

    competitors: list[CompetitorIn] = Field(default=[], max_length=100)
    situation: Words | None = None
    our_answer: Words | None = None


class AnnualReportIn(Command):
    """Performance and finances of one calendar year, amounts in yuan (R-65)."""

    postal_spend: Amount | None = None
    postal_volume: Count | None = None
    turnover: Amount | None = None
    profit: Amount | None = None
    assets: Amount | None = None
    liabilities: Amount | None = None
    source: Line | None = None
    assessment: Words | None = None


def content_of(section: Section, given: Command) -> Content:
    """The content that a request says. Raises PersonTwice, UnknownPerson (R-64)."""
    content: Content = _adapter(KINDS[section]).validate_python(given.model_dump())
    return content


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
