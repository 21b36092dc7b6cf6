"""Other units ask the responsible one before they market to its customer (R-46)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

from ..actors import Actor
from ..belonging.responsibility import require_responsible
from ..centres.organisation import Organisation


class RequestState(StrEnum):
    """Asked, then agreed or declined."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class OwnCustomer(Conflict):
    """Whoever is responsible for a customer needs nobody's consent."""

    code = "own-customer"
    rule = "R-46"
    title_zh = "本单位即负责单位"
    title_en = "Own customer"


class AnsweredAlready(Conflict):
    """A request is answered once."""

    code = "request-answered"
    rule = "R-46"
    title_zh = "申请已答复"
    title_en = "Request answered already"


class ConsentNeedsAnEnd(Invalid):
    """Consent to market is given until a day."""

    code = "consent-needs-an-end"
    rule = "R-46"
    title_zh = "同意须有截止日期"
    title_en = "Consent needs an end"


class NobodyNamed(NotFound):
    """The answer to that question names no such customer, or another unit asked it."""

    code = "nobody-named"
    rule = "R-46"
    title_zh = "查询结果中没有此客户"
    title_en = "Nobody named"


@dataclass(frozen=True, slots=True)
class MarketingRequest:
    """A unit's wish to market to another unit's customer; `until_on` is the last day of consent."""

    request_id: UUID
    customer_key: UUID
    asking_unit: str
    asked_on: date
    state: RequestState = RequestState.ASKED
    until_on: date | None = None
    version: int = 1


def ask(
    request: MarketingRequest, responsible: Sequence[str], organisation: Organisation
) -> MarketingRequest:
    """The request, if another unit is responsible; raises OwnCustomer (R-46)."""
    if any(organisation.overlap(request.asking_unit, unit) for unit in responsible):
        raise OwnCustomer(
            f"{request.asking_unit} 即该客户的负责单位",
            f"{request.asking_unit} is responsible for this customer itself",
            units=list(responsible),
        )
    return request


def answer(
    request: MarketingRequest,
    actor: Actor,
    responsible: Sequence[str],
    organisation: Organisation,
    until_on: date | None,
    on: date,
) -> MarketingRequest:
    """The request as the responsible unit answers it: consent until a day, or none (R-46).

    Raises NotResponsible, AnsweredAlready, ConsentNeedsAnEnd (the day has passed already).
    """
    require_responsible(actor, responsible, organisation)
    if request.state is not RequestState.ASKED:
        raise AnsweredAlready(
            f"申请已答复：{request.state}",
            f"the request was {request.state} before",
            state=request.state.value,
        )
    if until_on is not None and until_on < on:
        raise ConsentNeedsAnEnd(
            f"同意截止于 {until_on}，早于 {on}",
            f"consent until {until_on} would be over on {on}",
            pointer="/until_on",
        )
    return dataclasses.replace(
        request,
        state=RequestState.DECLINED if until_on is None else RequestState.AGREED,
        until_on=until_on,
        version=request.version + 1,
    )
