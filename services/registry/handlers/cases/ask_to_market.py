"""Another unit asks to market to a customer, and the responsible one answers (R-46)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.cases import marketing as domain
from services.registry.domain.cases.marketing import MarketingRequest
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import refresh_scope
from services.registry.storage.belonging import ownership
from services.registry.storage.cases import marketing, notices
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.directory import identities
from shared.http.versions import require_version
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AskToMarket:
    """A wish to market to the customer that the answer to a question names at `position`."""

    by: Actor
    question_id: UUID
    position: int
    purpose: str
    business_line: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Consent until a day, or none: `until_on` left out."""

    request_id: UUID
    by: Actor
    expected_version: int
    answer: str
    until_on: date | None = None
    on: date | None = None


async def ask(work: Work, command: AskToMarket) -> MarketingRequest:
    """Keep the request and let the owner know; nothing may be done before it agrees (R-46).

    Raises NobodyNamed, NobodyOwns, OwnCustomer.
    """
    on = business_day(command.on, work.today)
    unit = command.by.unit
    named = await marketing.named_by(work, command.question_id, unit, command.position)
    key = (await identities.roots(work, [named]))[named]  # Who it is today.
    customer = await customers.load(work, key)
    responsible, units = await _responsible(work, customer, unit)

    request = domain.ask(MarketingRequest(new_id(), key, unit, on), responsible, units)

    said = (command.by.staff_code, command.purpose, command.business_line)
    await marketing.add(work, request, *said)
    owner, number = responsible[0], request.request_id
    await notices.add(work, owner, key, notices.MARKETING_ASKED, number, on)
    return request


async def answer(work: Work, command: AnswerRequest) -> MarketingRequest:
    """Keep the answer and let the asking unit know; with consent it sees the base (R-46).

    Raises UnknownRequest, NotResponsible, AnsweredAlready, ConsentNeedsAnEnd, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, await marketing.customer_of(work, command.request_id))
    request = await marketing.load(work, command.request_id)
    require_version(command.expected_version, request.version)
    responsible, units = await _responsible(work, customer, command.by.unit)

    answered = domain.answer(request, command.by, responsible, units, command.until_on, on)

    key, number = customer.customer_key, request.request_id
    await marketing.save_answer(work, answered, command.by.staff_code, on, command.answer)
    await notices.add(work, request.asking_unit, key, notices.MARKETING_ANSWERED, number, on)
    await refresh_scope.handle(work, key)
    return answered


async def _responsible(
    work: Work, customer: Customer, asked_by: str
) -> tuple[list[str], Organisation]:
    owner = require_owner(await ownership.ownerships(work, customer.customer_key))
    responsible = [owner.owner_unit, *customer.joint_units]
    return responsible, await organisation.lineage(work, [*responsible, asked_by])
