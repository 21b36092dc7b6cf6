"""Who of us is in touch with a customer, and with whom there have to be two (R-49, R-80)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True)
class SchemeTiers:
    """The tiers of a scheme that make a customer important."""

    scheme: str
    tiers: tuple[str, ...]


@dataclass(frozen=True)
class ContactPeople:
    """Which new customers need how many people of ours, and how often they report (R-49).

    New is a customer for `new_for_days` from its approval on. Important is a kind (such as a policy
    account) or a tier; promising is a visit class or a specialty class.
    """

    policy_name: ClassVar[str] = "contact-people"

    minimum_people: int
    report_days: int
    new_for_days: int
    kinds: tuple[str, ...] = ()
    schemes: tuple[SchemeTiers, ...] = ()
    visit_classes: tuple[str, ...] = ()
    specialty_classes: tuple[str, ...] = ()

    @property
    def tiers(self) -> list[tuple[str, str]]:
        """Every (scheme, tier) that makes a customer important."""
        return [(each.scheme, tier) for each in self.schemes for tier in each.tiers]


@dataclass(frozen=True)
class JointContact:
    """From how many people of ours on they must inform each other, and for how long (R-80)."""

    policy_name: ClassVar[str] = "joint-contact"

    window_days: int
    people: int


class Lack(StrEnum):
    """What an important or promising new customer lacks."""

    PEOPLE = "people"
    REPORT = "report"


def lacks(people: int, last_report_on: date | None, policy: ContactPeople, on: date) -> list[Lack]:
    """What a customer with `people` of ours and its last contact report lacks on `on` (R-49)."""
    found = [Lack.PEOPLE] if people < policy.minimum_people else []
    oldest = on - timedelta(days=policy.report_days)
    if last_report_on is None or last_report_on < oldest:
        found.append(Lack.REPORT)
    return found


def must_inform_each_other(people: Collection[str], policy: JointContact) -> bool:
    """Whether so many of us are in touch with one customer that they must act as one (R-80)."""
    return len(set(people)) >= policy.people
