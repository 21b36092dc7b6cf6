"""Who is a key account, as data: routes of conditions, each site with its own (R-15 to R-18)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.errors import Conflict

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


class NotRecognised(Conflict):
    """The site approves only customers that were recognised as key accounts."""

    code = "not-recognised"
    rule = "R-15"
    title_zh = "客户未被认定为大客户"
    title_en = "Not recognised as a key account"


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
