"""Bulk reassignment: preview, then do exactly that (X-11)."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.registry.api.models import ADMINISTERING, Command, Reason, actor
from services.registry.domain.people.reassignments import Candidate, Obstacle
from services.registry.domain.people.succession import Place
from services.registry.domain.people.workload import Load, assess
from services.registry.handlers.people import reassign_customers
from services.registry.handlers.people.reassign_customers import Preview, Reassign
from services.registry.storage.people.reassignments import Selection
from shared.contracts.values import Code
from shared.http import Commanding, Router
from shared.work import Work

router = Router(prefix="/v1/reassignments", tags=["handovers"])


class SelectionIn(Command):
    """Whose customers: of a person, of a unit's people, or of a filter; at least one is given."""

    staff_code: Code | None = None
    unit: Code | None = None
    owner_unit: Code | None = None
    division_code: Code | None = None
    scheme: Code | None = None
    tier: Code | None = None
    customer_keys: list[UUID] | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude_none=True, exclude={"scheme"}):
            raise ValueError("须给出人员、单位或筛选条件 / name a person, a unit or a filter")
        return self


class PreviewIn(Command):
    """Which customers go to which successors."""

    selection: SelectionIn
    successors: list[Code] = Field(min_length=1, max_length=50)


class ApplyIn(PreviewIn):
    """What was previewed, with the mark that the preview gave."""

    mark: str = Field(min_length=64, max_length=64)
    reason: Reason


class ChoiceOut(BaseModel):
    """Who would take over a customer from whom; without a successor, the obstacle."""

    customer_key: UUID
    from_staff_code: str
    place: Place
    leads: bool
    successor: str | None
    obstacle: Obstacle | None


class LoadOut(BaseModel):
    """What a successor has before and after; `load` warns beyond the policy's borders (R-10)."""

    staff_code: str
    unit: str
    leads_before: int
    leads_after: int
    supports_before: int
    supports_after: int
    load: Load


class PreviewOut(BaseModel):
    """What would be done. `mark` is asked for to do exactly this."""

    choices: list[ChoiceOut]
    loads: list[LoadOut]
    warnings: list[str]
    obstacles: int
    policy_version: int
    mark: str


class AppliedOut(BaseModel):
    """The hand-overs that were started, one for each person who hands over."""

    handover_ids: list[UUID]


@router.post("/preview", roles=ADMINISTERING)
async def preview(body: PreviewIn, work: Commanding) -> PreviewOut:
    """预览批量移交 / who would take over whom, with resulting loads, warnings and obstacles."""
    return _shown(await reassign_customers.preview(work, _command(work, body)))


@router.post("/apply", roles=ADMINISTERING)
async def apply(body: ApplyIn, work: Commanding) -> AppliedOut:
    """执行批量移交 / do exactly what was previewed; a stale preview is refused with 409."""
    command = _command(work, body, body.reason)
    return AppliedOut(handover_ids=await reassign_customers.apply(work, command, body.mark))


def _command(work: Work, body: PreviewIn, reason: str = "") -> Reassign:
    asked = body.selection
    keys = asked.customer_keys
    selection = Selection(
        **asked.model_dump(exclude={"customer_keys"}),
        customer_keys=None if keys is None else tuple(keys),
    )
    return Reassign(selection, tuple(body.successors), actor(work), reason)


def _shown(found: Preview) -> PreviewOut:
    before = {each.staff_code: each for each in found.before}
    loads = [_load(before[each.staff_code], each, found) for each in found.after]
    return PreviewOut(
        choices=[
            ChoiceOut(
                customer_key=each.account.customer_key,
                from_staff_code=each.account.leaver,
                place=each.account.place,
                leads=each.account.is_led,
                successor=each.successor,
                obstacle=each.obstacle,
            )
            for each in found.choices
        ],
        loads=loads,
        warnings=[each.staff_code for each in loads if each.load is not Load.WITHIN],
        obstacles=sum(each.obstacle is not None for each in found.choices),
        policy_version=found.policy.version,
        mark=found.mark,
    )


def _load(before: Candidate, after: Candidate, found: Preview) -> LoadOut:
    return LoadOut(
        staff_code=after.staff_code,
        unit=after.unit,
        leads_before=before.leads,
        leads_after=after.leads,
        supports_before=before.supports,
        supports_after=after.supports,
        load=assess(after.leads, found.policy.body),
    )
