"""The extended part: relationship network and the six knowledge models (R-62, R-63)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .fields import AS_PERSON, AS_PHONE, AS_TEXT


@dataclass(frozen=True, slots=True)
class Relationship:
    """One line of the relationship network table (R-62); `our_owner` is a staff code."""

    industry: str | None = None
    customer: str | None = None
    department: str | None = None
    decision_maker: str | None = field(default=None, metadata=AS_PERSON)
    intermediary: str | None = field(default=None, metadata=AS_PERSON)
    contact: str | None = field(default=None, metadata=AS_PHONE)
    our_owner: str | None = None
    cases: str | None = field(default=None, metadata=AS_TEXT)


@dataclass(frozen=True, slots=True)
class DefinitionModel:
    """Why this is a key account (客户界定模型)."""

    criteria: str | None = None
    evidence: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelModel:
    """Through which channels the customer is reached and buys (客户渠道模型)."""

    channels: tuple[str, ...] = ()
    preferred: str | None = None
    purchasing_path: str | None = None


@dataclass(frozen=True, slots=True)
class NeedsModel:
    """What the customer needs (客户需求模型)."""

    service_type: str | None = None
    quality: str | None = None
    time: str | None = None
    place: str | None = None
    price: str | None = None
    route: str | None = None
    value_added: str | None = None


@dataclass(frozen=True, slots=True)
class BehaviourModel:
    """How the customer behaves (客户行为模型)."""

    purchase_rhythm: str | None = None
    peak_periods: str | None = None
    payment_habits: str | None = None
    switching: str | None = None


class LifecycleStage(StrEnum):
    """Where the customer stands in its life with us."""

    PROSPECT = "prospect"
    GROWTH = "growth"
    MATURITY = "maturity"
    DECLINE = "decline"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LifecycleModel:
    """The customer's stage with the signs that speak for it (客户生命周期模型)."""

    stage: LifecycleStage | None = None
    since_on: date | None = None
    signs: str | None = None


@dataclass(frozen=True, slots=True)
class ValueModel:
    """What the customer was, is and may be worth, yuan a year (客户综合价值模型)."""

    historical: Decimal | None = None
    current: Decimal | None = None
    potential: Decimal | None = None
    grounds: str | None = field(default=None, metadata=AS_TEXT)


@dataclass(frozen=True, slots=True)
class ExtendedPart:
    """What is known beyond the basic part."""

    ownership_form: str | None = None
    founded_on: date | None = None
    registered_capital: str | None = None
    employees: int | None = None
    bank_account: str | None = field(default=None, metadata=AS_TEXT)
    relationships: tuple[Relationship, ...] = ()
    definition: DefinitionModel = DefinitionModel()
    channel: ChannelModel = ChannelModel()
    needs: NeedsModel = NeedsModel()
    behaviour: BehaviourModel = BehaviourModel()
    lifecycle: LifecycleModel = LifecycleModel()
    value: ValueModel = ValueModel()
