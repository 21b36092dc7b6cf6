"""The key people of a customer: who decides, who influences, and how it decides (R-64)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shared.errors import Invalid

from .fields import AS_EMAIL, AS_PERSON, AS_PHONE, AS_TEXT, HIDDEN


class Influence(StrEnum):
    """A person's part in the customer's decisions."""

    DECIDES = "decides"
    INFLUENCES = "influences"
    USES = "uses"
    CONTACT = "contact"


class Relation(StrEnum):
    """How the person stands to us."""

    SUPPORTS = "supports"
    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    OPPOSES = "opposes"
    UNKNOWN = "unknown"


class UnknownPerson(Invalid):
    """A step of the decision names somebody who is not among the key people."""

    code = "unknown-key-person"
    rule = "R-64"
    title_zh = "关键人物不存在"
    title_en = "Unknown key person"


class PersonTwice(Invalid):
    """Two key people have the same number."""

    code = "key-person-twice"
    rule = "R-64"
    title_zh = "关键人物编号重复"
    title_en = "Key person twice"


@dataclass(frozen=True, slots=True)
class KeyPerson:
    """Somebody at the customer; `person_id` stays the same from version to version."""

    person_id: str
    name: str | None = field(default=None, metadata=AS_PERSON)
    position: str | None = None
    department: str | None = None
    influence: Influence = Influence.CONTACT
    relation: Relation = Relation.UNKNOWN
    relation_note: str | None = field(default=None, metadata=AS_TEXT)
    is_main_contact: bool = False
    our_contact: str | None = None
    phone: str | None = field(default=None, metadata=AS_PHONE)
    email: str | None = field(default=None, metadata=AS_EMAIL)
    born_on: date | None = field(default=None, metadata=HIDDEN)
    hobbies: tuple[str, ...] = field(default=(), metadata=AS_TEXT)


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """One step of the customer's decision procedure; participants are numbers of key people."""

    what: str
    participants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPeoplePart:
    """The key person map and the decision procedure (R-64)."""

    people: tuple[KeyPerson, ...] = ()
    steps: tuple[DecisionStep, ...] = ()
    procedure: str | None = None

    def __post_init__(self) -> None:
        known = [person.person_id for person in self.people]
        for index, number in enumerate(known):
            if number in known[:index]:
                raise PersonTwice(
                    f"关键人物编号 {number} 出现两次",
                    f"two key people have the number {number}",
                    pointer=f"/content/people/{index}/person_id",
                )
        for index, step in enumerate(self.steps):
            for number in step.participants:
                if number not in known:
                    raise UnknownPerson(
                        f"决策步骤中的 {number} 不在关键人物之中",
                        f"{number} takes part in a step and is none of the key people",
                        pointer=f"/content/steps/{index}/participants",
                    )


@dataclass(frozen=True, slots=True)
class DecisionSize:
    """How many steps the customer's decision takes and how many people take part (R-64)."""

    steps: int
    participants: int
    deciding: int
    influencing: int


def decision_size(part: KeyPeoplePart) -> DecisionSize:
    """Steps, different participants, and who decides or influences."""
    by_influence = [person.influence for person in part.people]
    return DecisionSize(
        steps=len(part.steps),
        participants=len({number for step in part.steps for number in step.participants}),
        deciding=by_influence.count(Influence.DECIDES),
        influencing=by_influence.count(Influence.INFLUENCES),
    )
