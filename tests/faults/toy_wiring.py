"""The toy as a process: facts whose number says so make our own code fail, or are refused."""

from __future__ import annotations

from shared.contracts.envelope import Event
from shared.errors import Conflict
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.support.toy import Toy

POISON = "poison"
UNWANTED = "unwanted"


def _interfere(work: Work, fact: Fact[Event]) -> None:
    number = fact.ref or ""
    if number.startswith(POISON):
        raise ZeroDivisionError
    if number.startswith(UNWANTED):
        work.refuse(fact, Conflict("不收", "not wanted"))


SERVICE = Toy(interfere=_interfere).service()
