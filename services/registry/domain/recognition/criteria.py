"""Who is a key account, as data: routes of conditions, each site with its own (R-15 to R-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.errors import Conflict, Invalid

from ..register.customers import CustomerKind

Value = Decimal | bool | str
"""A quantity, a yes or no, or a word."""


class Form(StrEnum):
    """What the value of a measure is."""

    QUANTITY = "quantity"
    FLAG = "flag"
    WORD = "word"


@dataclass(frozen=True)
class Measure:
    """Something that is known of a customer; `unit` says in what a quantity is counted.

    What is money is shown to those who may see the customer's money.
    """

    measure: str
    zh: str
    en: str
    form: str
    unit: str = ""
    is_money: bool = False


@dataclass(frozen=True)
class Condition:
    """A quantity that is reached, a word that is one of some, or a yes.

    The limit itself is enough.
    """

    measure: str
    at_least: Decimal | None = None
    one_of: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """Which form of value the condition asks for."""
        if self.at_least is not None:
            return Form.QUANTITY
        return Form.WORD if self.one_of else Form.FLAG

    @property
    def limit(self) -> str:
        """The limit in one text."""
        if self.at_least is not None:
            return str(self.at_least)
        return ",".join(self.one_of) or "yes"

    def is_met(self, value: Value | None) -> bool:
        """Whether `value` satisfies it; what is not known does not."""
        if self.at_least is not None:
            return isinstance(value, Decimal) and value >= self.at_least
        return value in self.one_of if self.one_of else value is True


@dataclass(frozen=True)
class Route:
    """One way to become a key account: every condition of it has to be met (C14)."""

    route: str
    zh: str
    en: str
    kind: str
    """Which kind of account the route makes (R-15)."""
    all_of: tuple[Condition, ...]
    held_by: str = ""
    """The post that holds the data of customers recognised this way, where one does (R-18)."""


@dataclass(frozen=True)
class KeyAccountRecognition:
    """Who is a key account at this site: the first route that is met decides (R-15 to R-18)."""

    policy_name: ClassVar[str] = "key-account-recognition"

    measures: tuple[Measure, ...]
    routes: tuple[Route, ...]
    approves_recognised_only: bool = False
    """Whether a declaration is approved only for a customer that was recognised."""

    def __post_init__(self) -> None:
        forms = {measure.measure: measure.form for measure in self.measures}
        kinds = set(CustomerKind)
        for route in self.routes:
            if not route.all_of:
                raise ValueError(f"the route {route.route} has no condition")
            if route.kind not in kinds:
                raise ValueError(f"no such kind of customer: {route.kind}")
            for condition in route.all_of:
                if forms.get(condition.measure) != condition.form:
                    raise ValueError(f"{condition.measure} is no measure of form {condition.form}")

    def measure(self, name: str) -> Measure | None:
        """The measure of that name, if the site has it."""
        return next((each for each in self.measures if each.measure == name), None)


class UnknownMeasure(Invalid):
    """The site's definition of a key account does not ask for this."""

    code = "unknown-measure"
    rule = "R-15"
    title_zh = "认定指标不存在"
    title_en = "Unknown measure"


class NotRecognised(Conflict):
    """The site approves only customers that were recognised as key accounts."""

    code = "not-recognised"
    rule = "R-15"
    title_zh = "客户未被认定为大客户"
    title_en = "Not recognised as a key account"


class Source(StrEnum):
    """Who said a value: the one who asked, or registry's own books."""

    GIVEN = "given"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Observed:
    """A value and who said it."""

    value: Value
    source: Source

    def to_json(self) -> dict[str, object]:
        """As stored with a decision: quantities as text."""
        value = str(self.value) if isinstance(self.value, Decimal) else self.value
        return {"value": value, "source": self.source.value}


@dataclass(frozen=True, slots=True)
class ConditionFound:
    """A condition with what was found."""

    condition: Condition
    observed: Observed | None

    @property
    def is_met(self) -> bool:
        """Whether what was found satisfies it."""
        return self.condition.is_met(self.observed.value if self.observed else None)

    def to_json(self) -> dict[str, object]:
        """As stored with a decision; the value itself stands with the inputs."""
        return {
            "measure": self.condition.measure,
            "limit": self.condition.limit,
            "source": self.observed.source.value if self.observed else None,
            "is_met": self.is_met,
        }


@dataclass(frozen=True, slots=True)
class RouteFound:
    """A route with what was found for each of its conditions."""

    route: Route
    conditions: tuple[ConditionFound, ...]

    @property
    def is_met(self) -> bool:
        """Whether every condition is."""
        return all(found.is_met for found in self.conditions)

    def to_json(self) -> dict[str, object]:
        """As stored with a decision."""
        return {
            "route": self.route.route,
            "zh": self.route.zh,
            "en": self.route.en,
            "is_met": self.is_met,
            "conditions": [found.to_json() for found in self.conditions],
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every route with what was found, in the order of the policy."""

    routes: tuple[RouteFound, ...]

    @property
    def decisive(self) -> Route | None:
        """The first route that is met; None for a customer that is no key account."""
        return next((found.route for found in self.routes if found.is_met), None)

    @property
    def is_recognised(self) -> bool:
        """Whether the customer is a key account."""
        return self.decisive is not None


def assess(policy: KeyAccountRecognition, observed: Mapping[str, Observed]) -> Assessment:
    """Whether a customer is a key account, and why (R-15 to R-18)."""
    return Assessment(
        tuple(
            RouteFound(
                route,
                tuple(ConditionFound(each, observed.get(each.measure)) for each in route.all_of),
            )
            for route in policy.routes
        )
    )


def observe(
    policy: KeyAccountRecognition, known: Mapping[str, Value], given: Mapping[str, Value]
) -> dict[str, Observed]:
    """Everything that is known for an assessment: registry's own values and those given.

    A figure that is given stands above registry's own sum, which may not reach back far enough; a
    yes or a word that registry knows (a contract, the kind of body) is its own to say. Raises
    UnknownMeasure for a value that the policy does not ask for, or of another form.
    """
    found = {
        name: Observed(value, Source.REGISTRY)
        for name, value in known.items()
        if policy.measure(name) is not None
    }
    for name, value in given.items():
        measure = _require_measure(policy, name, value)
        if name in known and measure.form != Form.QUANTITY:
            raise UnknownMeasure(
                f"指标 {name} 由系统登记，不能另行填报",
                f"registry itself knows {name}: it is not given",
                pointer=f"/{_FIELDS[Form(measure.form)]}/{name}",
            )
        found[name] = Observed(value, Source.GIVEN)
    return found


_FIELDS = {Form.QUANTITY: "quantities", Form.FLAG: "flags", Form.WORD: "words"}


def _require_measure(policy: KeyAccountRecognition, name: str, value: Value) -> Measure:
    form = Form.FLAG if isinstance(value, bool) else Form.WORD
    form = Form.QUANTITY if isinstance(value, Decimal) else form
    measure = policy.measure(name)
    if measure is None or measure.form != form:
        raise UnknownMeasure(
            f"大客户认定标准中没有指标 {name}",
            f"the definition of a key account asks for no {form} called {name}",
            pointer=f"/{_FIELDS[form]}/{name}",
            measures={each.measure: each.form for each in policy.measures},
        )
    return measure


def require_recognised(policy: KeyAccountRecognition, is_recognised: bool | None) -> None:
    """Let a declaration be approved (R-15); `is_recognised` is None before any assessment.

    Raises NotRecognised, and only where the policy approves nobody else.
    """
    if policy.approves_recognised_only and not is_recognised:
        raise NotRecognised(
            "本单位只核准已认定的大客户，请先认定",
            "only recognised key accounts are approved here: have the customer assessed first",
            is_assessed=is_recognised is not None,
        )
