"""The questions that are asked of archives every day, and how good archives are (X-01, R-69)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.models import Purpose, read
from services.registry.api.archive.refused import note_refused
from services.registry.api.models import actor, in_sight
from services.registry.domain.archive.completeness import ArchiveCompleteness, nothing_yet
from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import PARTS, Section
from services.registry.domain.archive.parts.key_people import Influence, KeyPeoplePart
from services.registry.handlers.archive import read_archive
from services.registry.handlers.archive.read_archive import ReadArchive
from services.registry.storage import reports as register
from services.registry.storage.archive import reports
from shared.contracts.values import Exact
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(tags=["archive queries"], note_refused=note_refused)
_UNITS = Keyset("unit text")
_VISITS = Keyset("visited_on date", "visit_id uuid", descending=True)
_CONTRACTS = Keyset("signed_on date", "contract_id uuid", descending=True)
_SHARE = Decimal("0.0001")


class CompanyOut(BaseModel):
    """企业资料 / who the customer is, from the register and the basic part."""

    customer_key: UUID
    customer_id: str | None
    name: str
    unified_credit_code: str | None
    division_code: str
    owner_unit: str | None
    address: str | None = None
    postcode: str | None = None
    size: str | None = None
    industry: str | None = None
    business_scope: str | None = None
    main_products: list[str] = Field(default=[])
    postal_services: list[str] = Field(default=[])


class ContactWay(BaseModel):
    """企业联络方式 / how somebody at the customer is reached; `person_id` of a key person."""

    person_id: str | None
    name: str | None
    position: str | None
    phone: str | None
    email: str | None
    fax: str | None = None
    is_main_contact: bool
    is_masked: bool


class MainContact(ContactWay):
    """主要联系人 / a main contact with the part he plays in decisions."""

    department: str | None = None
    influence: Influence = Influence.CONTACT
    our_contact: str | None = None


class AgreementOut(BaseModel):
    """业务协定 / a framework contract."""

    contract_id: UUID
    contract_number: str | None
    signed_at_unit: str
    signed_on: date
    valid_until_on: date | None
    business_lines: list[str]
    is_in_force: bool


class VisitOut(BaseModel):
    """巡检、回访 / who visited when; what was said is kept by engagement."""

    visit_id: UUID
    unit: str
    visited_on: date


class QualityOut(BaseModel):
    """Archives of one owner unit: custody, completeness, confirmed parts (fractions of one)."""

    unit: str
    name: str
    archives: int
    with_custodian: int
    custody: Exact
    completeness: Exact
    confirmed: Exact


@router.get("/v1/archives/{customer_key}/company", audited=True)
async def company(customer_key: UUID, work: Commanding, purpose: Purpose) -> CompanyOut:
    """企业资料查询 / who the customer is; the read is logged."""
    shown = await read(work, customer_key, Section.BASIC, purpose)
    row = await work.row(
        f"{register.CUSTOMER} AND c.customer_key = :key", key=customer_key, today=work.today
    )
    assert row is not None, "it was in sight a moment ago"
    known = {name: row[name] for name in CompanyOut.model_fields if name in row}
    content = shown[0].content if shown else None
    if isinstance(content, BasicPart):
        written = {name: getattr(content, name, None) for name in CompanyOut.model_fields}
        known |= {name: value for name, value in written.items() if value}
    return CompanyOut.model_validate(known)


@router.get("/v1/archives/{customer_key}/contact-ways", audited=True)
async def contact_ways(customer_key: UUID, work: Commanding, purpose: Purpose) -> list[ContactWay]:
    """企业联络方式查询 / every way to reach the customer; the read is logged."""
    return [
        ContactWay.model_validate(each.model_dump(include=set(ContactWay.model_fields)))
        for each in await _contacts(work, customer_key, purpose)
        if each.phone or each.email or each.fax
    ]


@router.get("/v1/archives/{customer_key}/main-contacts", audited=True)
async def main_contacts(
    customer_key: UUID, work: Commanding, purpose: Purpose
) -> list[MainContact]:
    """主要联系人查询 / whom to turn to; the read is logged."""
    found = await _contacts(work, customer_key, purpose)
    return [each for each in found if each.is_main_contact]


@router.get("/v1/archives/{customer_key}/contracts")
async def contracts(customer_key: UUID, work: Reading, page: PageQuery) -> Page[AgreementOut]:
    """业务协定查询 / framework contracts, the latest first."""

    def agreement(row: RowMapping) -> AgreementOut:
        ends_on = row["valid_until_on"]
        fields = {name: row[name] for name in AgreementOut.model_fields if name in row}
        is_in_force = row["signed_on"] <= work.today and (ends_on is None or ends_on >= work.today)
        return AgreementOut(**fields, is_in_force=is_in_force)

    return await page.read(work, register.CONTRACTS, _CONTRACTS, agreement, key=customer_key)


@router.get("/v1/archives/{customer_key}/visits")
async def visits(customer_key: UUID, work: Reading, page: PageQuery) -> Page[VisitOut]:
    """巡检、回访查询 / visits to the customer, the latest first."""
    return await page.read(work, reports.VISITS, _VISITS, _visit, key=customer_key)


@router.get("/v1/archive-quality")
async def quality(work: Reading, page: PageQuery) -> Page[QualityOut]:
    """档案质量 / custody, completeness and accuracy per owner unit (R-69)."""
    policy = (await in_force(work, ArchiveCompleteness, work.today)).body
    return await page.read(
        work,
        reports.QUALITY,
        _UNITS,
        _quality,
        today=work.today,
        sections=[section.value for section in PARTS],
        required=[nothing_yet(section, policy).required for section in PARTS],
    )


async def _contacts(work: Work, customer_key: UUID, purpose: str) -> list[MainContact]:
    await in_sight(work, customer_key)
    sections = [Section.BASIC, Section.KEY_PEOPLE]
    command = ReadArchive([customer_key], sections, actor(work), purpose)
    found: list[MainContact] = []
    for shown in await read_archive.handle(work, command):
        content, is_masked = shown.content, shown.sight.is_masked
        if isinstance(content, BasicPart) and (content.contact or content.phone or content.email):
            found.append(_of_the_company(content, is_masked))
        elif isinstance(content, KeyPeoplePart):
            found.extend(_of_people(content, is_masked))
    return found


def _of_the_company(content: BasicPart, is_masked: bool) -> MainContact:
    return MainContact(
        person_id=None,
        name=content.contact,
        position=None,
        phone=content.phone,
        email=content.email,
        fax=content.fax,
        is_main_contact=content.contact is not None,
        is_masked=is_masked,
    )


def _of_people(content: KeyPeoplePart, is_masked: bool) -> list[MainContact]:
    return [
        MainContact(
            person_id=person.person_id,
            name=person.name,
            position=person.position,
            phone=person.phone,
            email=person.email,
            is_main_contact=person.is_main_contact,
            is_masked=is_masked,
            department=person.department,
            influence=person.influence,
            our_contact=person.our_contact,
        )
        for person in content.people
    ]


def _visit(row: RowMapping) -> VisitOut:
    return VisitOut(**row)


def _quality(row: RowMapping) -> QualityOut:
    return QualityOut(
        unit=row["unit"],
        name=row["name"],
        archives=row["archives"],
        with_custodian=row["with_custodian"],
        custody=_share(row["with_custodian"], row["archives"]),
        completeness=_share(row["filled"], row["required"]),
        confirmed=_share(row["confirmed"], row["written"]),
    )


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """Rounded down, so that only what is whole is shown as 1; nothing of nothing is 0."""
    share = Decimal(part) / Decimal(whole) if whole else Decimal(0)
    return share.quantize(_SHARE, rounding=ROUND_DOWN)
