"""R-09, R-07, R-26 over HTTP: proposed, documented, then approved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest

from services.registry.app import SERVICE
from services.registry.domain.proof.documents import RequiredDocuments
from shared import presets
from shared.policy import record_parsed
from shared.service import Runtime
from tests.services.registry.api.conftest import Declare, Json, propose, seen
from tests.support import cast
from tests.support.http import Asking

DIGEST = "a" * 64


@pytest.fixture
async def as_a_utility(process: Runtime) -> AsyncIterator[None]:
    """The documents that a power utility demands."""
    preset = presets.shipped(SERVICE.package, "utility", SERVICE.policies)
    async with process.works.begin() as work:
        for entry in preset.entries:
            if isinstance(entry.policy, RequiredDocuments):
                written = {"author": "P001", "reason": "试点", "source": entry.source}
                await record_parsed(work, entry.policy, date(2026, 1, 1), **written)
    yield


def path_of(declaration: Json) -> str:
    return f"/v1/declarations/{declaration['declaration_id']}"


async def test_r09_a_declaration_is_proposed_by_the_administrator_then_approved(
    asking: Asking, declare: Declare
) -> None:
    declaration = await declare()
    city, director = asking(cast.CITY_ADMINISTRATOR), asking(cast.CITY_DIRECTOR)
    early = await director.post(
        f"{path_of(declaration)}/approve", json={}, headers=seen(declaration)
    )
    assert (early.status_code, early.json()["type"]) == (409, "/problems/no-developer-proposed")
    body = {"development_unit": "GZ-PY", "joint_units": ["GZ-TH"], "reason": "业务在番禺"}
    first = await city.post(f"{path_of(declaration)}/propose", json=body, headers=seen(declaration))
    assert first.json() == {"declaration_id": declaration["declaration_id"], "version": 2}
    stale = await director.post(
        f"{path_of(declaration)}/approve", json={}, headers=seen(declaration)
    )
    assert stale.status_code == 412
    second = await city.post(
        f"{path_of(declaration)}/propose",
        json={"development_unit": "GZ-TH", "reason": "属地"},
        headers=seen(2),
    )
    listed = (await director.get(f"{path_of(declaration)}/proposals")).json()["items"]
    assert [(each["development_unit"], each["proposed_by"]) for each in listed] == [
        *(("GZ-PY", "G003"), ("GZ-TH", "G003"))
    ]
    approved = await director.post(
        f"{path_of(declaration)}/approve", json={}, headers=seen(second.json())
    )
    assert approved.json()["state"] == "approved"
    customer = await director.get(f"/v1/customers/{declaration['customer_key']}")
    assert (customer.json()["owner_unit"], customer.json()["joint_units"]) == ("GZ-TH", [])


async def test_r09_what_an_administrator_declares_is_a_proposal_too(
    asking: Asking, declare: Declare
) -> None:
    body = {"customer": {"name": "广州东山茶业有限公司", "division_code": "440106"}}
    filed = await asking(cast.CITY_ADMINISTRATOR).post("/v1/declarations", json=body)
    listed = await asking(cast.PROVINCE_DIRECTOR).get(f"{path_of(filed.json())}/proposals")
    assert [each["development_unit"] for each in listed.json()["items"]] == ["GZ"]
    stranger = await asking(cast.OTHER_CITY_DIRECTOR).get(f"{path_of(filed.json())}/proposals")
    assert stranger.json()["items"] == []


async def test_r09_an_account_manager_does_not_propose(asking: Asking, declare: Declare) -> None:
    declaration = await declare()
    answer = await asking(cast.COUNTY_MANAGER).post(
        f"{path_of(declaration)}/propose",
        json={"development_unit": "GZ-TH", "reason": "属地"},
        headers=seen(declaration),
    )
    assert answer.status_code == 403


async def test_r07_a_specialty_bureau_declares_and_the_centre_confirms(asking: Asking) -> None:
    body = {"customer": {"name": "广东快运用户有限公司", "division_code": "440106"}}
    filed = (await asking(cast.SPECIALTY).post("/v1/declarations", json=body)).json()
    assert (filed["declaring_unit"], filed["development_unit"]) == ("GD-EMS", "GD-EMS")
    filed = await propose(asking, filed)
    city = await asking(cast.CITY_DIRECTOR).post(
        f"{path_of(filed)}/approve", json={}, headers=seen(filed)
    )
    assert city.status_code == 403
    province = await asking(cast.PROVINCE_DIRECTOR).post(
        f"{path_of(filed)}/approve", json={}, headers=seen(filed)
    )
    assert province.json()["state"] == "approved"


async def test_r26_an_approval_waits_for_every_document_of_the_utility(
    asking: Asking, declare: Declare, as_a_utility: None
) -> None:
    declaration = await propose(asking, await declare(customer={"traits": ["high-energy"]}))
    county, director = asking(cast.COUNTY_MANAGER), asking(cast.CITY_DIRECTOR)
    blocked = await director.post(
        f"{path_of(declaration)}/approve", json={}, headers=seen(declaration)
    )
    problem = blocked.json()
    assert (blocked.status_code, problem["type"]) == (409, "/problems/required-documents-lacking")
    kinds = [each["document"] for each in problem["facts"]["lacking"]]
    assert {"business-licence", "environmental-assessment", "production-permit"} <= set(kinds)
    assert (len(kinds), problem["facts"]["policy_version"]) == (9, 2)
    waived = await director.post(
        f"{path_of(declaration)}/waive",
        json={"document": "design-data", "reason": "改造工程"},
        headers=seen(declaration),
    )
    assert waived.json()["waived"][0]["document"] == "design-data"
    for kind in kinds:
        if kind == "design-data":
            continue
        answer = await county.post(
            f"/v1/customers/{declaration['customer_key']}/documents",
            json={
                "kind": kind,
                "kept_at": "天河区档案室 3 柜",
                "number": "440106196001011234",
                "issued_on": "2020-01-01",
                "inspected_on": "2026-01-02",
                "valid_until_on": "2026-02-01" if kind == "site-plan" else None,
                "digest": DIGEST,
            },
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["number_ends"] == "1234"
        assert "1960" not in answer.text
    checklist = (await director.get(f"{path_of(declaration)}/documents")).json()
    assert [(each["document"], each["shortcoming"]) for each in checklist["lacking"]] == [
        ("site-plan", "expired")
    ]
    on_time = await director.post(
        f"{path_of(declaration)}/approve", json={"on": "2026-02-01"}, headers=seen(waived.json())
    )
    assert on_time.json()["state"] == "approved"


async def test_r26_what_policy_does_not_let_go_is_not_waived(
    asking: Asking, declare: Declare, as_a_utility: None
) -> None:
    declaration = await declare()
    answer = await asking(cast.CITY_DIRECTOR).post(
        f"{path_of(declaration)}/waive",
        json={"document": "business-licence", "reason": "熟客"},
        headers=seen(declaration),
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/waiver-not-allowed")


async def test_r26_documents_of_others_are_not_seen(asking: Asking, declare: Declare) -> None:
    declaration = await declare()
    documents = f"/v1/customers/{declaration['customer_key']}/documents"
    body = {"kind": "site-plan", "kept_at": "档案室"}
    assert (await asking(cast.COUNTY_MANAGER).post(documents, json=body)).status_code == 201
    stranger = asking(cast.OTHER_CITY_MANAGER)
    assert (await stranger.post(documents, json=body)).status_code == 403
    assert (await stranger.get(documents)).json()["items"] == []
    assert (await stranger.get(f"{path_of(declaration)}/documents")).status_code == 404


async def test_r73_the_whole_number_of_a_document_is_read_for_a_purpose_and_logged(
    asking: Asking, approve: Declare, process: Runtime
) -> None:
    path = f"/v1/customers/{(await approve())['customer_key']}/documents"
    county = asking(cast.COUNTY_MANAGER)
    body = {"kind": "legal-person-id", "kept_at": "档案室", "number": "440106196001011234"}
    document = (await county.post(path, json=body)).json()
    number = f"{path}/{document['document_id']}/number"
    assert (await county.get(number)).status_code == 422
    read = await county.get(number, params={"purpose": "核对签约人"})
    assert read.json()["number"] == body["number"]
    stranger = await asking(cast.OTHER_CITY_MANAGER).get(number, params={"purpose": "好奇"})
    assert stranger.status_code == 403
    unknown = await county.get(f"{path}/{uuid4()}/number", params={"purpose": "核对"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/unknown-document")
    async with process.works.begin() as work:
        logged = await work.rows(
            "SELECT staff_code, item, purpose FROM archive_audit WHERE section = 'documents'"
        )
    assert [tuple(row.values()) for row in logged] == [
        (cast.COUNTY_MANAGER.code, "legal-person-id", "核对签约人")
    ]


async def test_r74_the_number_of_a_document_is_sealed_at_rest(
    asking: Asking, declare: Declare, process: Runtime
) -> None:
    declaration = await declare()
    body = {"kind": "legal-person-id", "kept_at": "档案室", "number": "440106196001011234"}
    await asking(cast.COUNTY_MANAGER).post(
        f"/v1/customers/{declaration['customer_key']}/documents", json=body
    )
    async with process.works.begin() as work:
        row = await work.row(
            "SELECT d::text AS document, s::text AS secret FROM documents d"
            " JOIN archive_secrets s ON s.secret_id = d.number_secret"
        )
    assert row is not None
    assert "1960" not in row["document"] + row["secret"]
