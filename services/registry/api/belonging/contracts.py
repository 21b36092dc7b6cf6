"""Framework contracts: the place of signature settles the territory (R-36, R-37, R-48)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import RESPONSIBLE, Command, actor, itself
from services.registry.domain.belonging.contracts import Contract
from services.registry.handlers.belonging import sign_contract
from services.registry.handlers.belonging.sign_contract import SignContract
from services.registry.storage import reports
from shared.contracts.values import Code, Label, Word
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router
from shared.identifiers import new_id
from shared.work import Work

router = Router(prefix="/v1/contracts", tags=["contracts"])
_ORDER = Keyset("signed_on date", "contract_id uuid", descending=True)


class ContractIn(Command):
    """A contract. `signed_at_unit` is the unit at the place of the customer's body that signs.

    Where its business will arise elsewhere too, say so: the next higher centre then rules (R-37).
    """

    customer_key: UUID
    signed_at_unit: Code
    signed_on: date | None = Field(
        default=None, description="签约日期，默认今天 / day of the signature, today if left out"
    )
    kind: Word = Field(
        default="cooperation", description="合同种类 / supply, dispatch … as policy asks (R-30)"
    )
    contract_number: Label | None = None
    valid_until_on: date | None = None
    business_lines: list[Label] = Field(default=[], max_length=50)
    business_at_units: list[Code] = Field(default=[], max_length=50)


class ContractOut(BaseModel):
    """A contract as signed."""

    contract_id: UUID
    customer_key: UUID
    kind: str
    contract_number: str | None
    signed_at_unit: str
    signed_on: date
    valid_until_on: date | None
    business_lines: list[str]
    business_at_units: list[str]
    signed_by: str | None
    source_system: str | None
    source_ref: str | None


@router.post("", status_code=201, roles=RESPONSIBLE)
async def sign(body: ContractIn, work: Commanding) -> ContractOut:
    """签订合作协议 / sign a contract; the first one makes B lead (R-48)."""
    await itself(work, body.customer_key)
    contract = Contract(
        contract_id=new_id(),
        customer_key=body.customer_key,
        signed_at_unit=body.signed_at_unit,
        signed_on=body.signed_on or work.today,
        kind=body.kind,
        contract_number=body.contract_number,
        valid_until_on=body.valid_until_on,
        business_lines=tuple(body.business_lines),
        business_at_units=tuple(body.business_at_units),
    )
    await sign_contract.handle(work, SignContract(contract, actor(work)))
    return await _view(work, contract.contract_id)


@router.get("")
async def listing(
    work: Reading, page: PageQuery, customer_key: UUID | None = None
) -> Page[ContractOut]:
    """合作协议列表 / contracts in sight, the newest first."""
    return await page.read(work, reports.CONTRACTS, _ORDER, _contract, key=customer_key)


@router.get("/{contract_id}")
async def one(contract_id: UUID, work: Reading) -> ContractOut:
    """一份合作协议 / one contract."""
    return await _view(work, contract_id)


def _contract(row: RowMapping) -> ContractOut:
    return ContractOut(**row)


async def _view(work: Work, contract_id: UUID) -> ContractOut:
    row = await work.row(f"{reports.CONTRACTS} AND c.contract_id = :id", key=None, id=contract_id)
    if row is None:
        raise NotFound(
            f"没有合同 {contract_id}", f"there is no contract {contract_id} that you may see"
        )
    return _contract(row)
