"""What is known of a customer, held against the definition of a key account (R-15 to R-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.errors import Invalid

from .criteria import Condition, Form, KeyAccountRecognition, Measure, Route, Value


class UnknownMeasure(Invalid):
    """The site's definition of a key account does not ask for this."""

    code = "unknown-measure"
    rule = "R-15"
    title_zh = "认定指标不存在"
    title_en = "Unknown measure"


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
