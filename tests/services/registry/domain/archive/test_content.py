"""Content of an archive: taken apart, masked, put together (R-61 to R-64, R-70, R-74)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.registry.domain.archive.content import apart, behind_masks, together, without
from services.registry.domain.archive.finding import findable
from services.registry.domain.archive.masking import masked
from services.registry.domain.archive.parts.basic import (
    BasicPart,
    PostalChange,
    PostalUse,
    postal_changes,
)
from services.registry.domain.archive.parts.fields import Secrecy, Section
from services.registry.domain.archive.parts.key_people import (
    DecisionSize,
    DecisionStep,
    Influence,
    KeyPeoplePart,
    KeyPerson,
    PersonTwice,
    UnknownPerson,
    decision_size,
)

PEOPLE = KeyPeoplePart(
    people=(
        KeyPerson("1", "王小明", "总经理", influence=Influence.DECIDES, phone="13800135678"),
        KeyPerson("2", "欧阳兰", influence=Influence.INFLUENCES, hobbies=("钓鱼", "书法")),
        KeyPerson("3", born_on=date(1970, 5, 1)),
    ),
    steps=(DecisionStep("立项", ("1", "2")), DecisionStep("签批", ("1",))),
)


@pytest.mark.parametrize(
    ("value", "secrecy", "shown"),
    [
        ("13800135678", Secrecy.PHONE, "138****5678"),
        ("+86 138 0013 5678", Secrecy.PHONE, "138****5678"),
        ("020-8888123", Secrecy.PHONE, "****23"),
        ("8888123", Secrecy.PHONE, "****23"),
        ("888812", Secrecy.PHONE, "****"),
        ("王小明", Secrecy.PERSON, "王*"),
        ("wang@example.cn", Secrecy.EMAIL, "w***@example.cn"),
        ("@example.cn", Secrecy.EMAIL, "***"),
        ("对手报价九折", Secrecy.TEXT, "***"),
        (["钓鱼", "书法"], Secrecy.TEXT, ["***", "***"]),
        ("1970-05-01", Secrecy.HIDDEN, None),
    ],
)
def test_r70_a_masked_value_is_recognised_and_not_read(
    value: str | list[str], secrecy: Secrecy, shown: str | list[str] | None
) -> None:
    assert masked(value, secrecy) == shown


def test_r74_what_is_confidential_leaves_the_open_half() -> None:
    halves = apart(PEOPLE)
    assert "王小明" not in str(halves.open) and "13800135678" not in str(halves.open)
    assert halves.secrets == {
        "/people/0/name": "王小明",
        "/people/0/phone": "13800135678",
        "/people/1/name": "欧阳兰",
        "/people/1/hobbies": ["钓鱼", "书法"],
        "/people/2/born_on": "1970-05-01",
    }
    assert together(halves.open, halves.secrets)["people"][0]["name"] == "王小明"
    assert "name" not in halves.open["people"][0], "putting together leaves the open half alone"


def test_r70_a_date_has_no_masked_form() -> None:
    halves = apart(PEOPLE)
    assert behind_masks(KeyPeoplePart, halves.secrets) == {
        "/people/0/name": "王*",
        "/people/0/phone": "138****5678",
        "/people/1/name": "欧*",
        "/people/1/hobbies": ["***", "***"],
    }


def test_r68_an_erased_field_takes_what_stands_below_it_along_and_nothing_beside_it() -> None:
    secrets = {"/people/1/name": "a", "/people/10/name": "b", "/people/1/phone": "c"}
    assert without(secrets, ["/people/1"]) == {"/people/10/name": "b"}


def test_r64_the_size_of_a_decision_counts_steps_and_different_people() -> None:
    assert decision_size(PEOPLE) == DecisionSize(2, 2, deciding=1, influencing=1)


def test_r64_a_step_names_key_people_only_and_each_has_one_number() -> None:
    with pytest.raises(UnknownPerson):
        KeyPeoplePart(people=(KeyPerson("1"),), steps=(DecisionStep("签批", ("2",)),))
    with pytest.raises(PersonTwice):
        KeyPeoplePart(people=(KeyPerson("1"), KeyPerson("1")))


def test_r61_postal_spend_and_volume_are_compared_with_the_recorded_year_before() -> None:
    uses = [
        PostalUse(2025, Decimal("120000.00"), 900),
        PostalUse(2023, Decimal("100000.00"), 1000),
        PostalUse(2026, Decimal("90000.00")),
    ]
    assert postal_changes(uses) == [
        PostalChange(2025, Decimal("20000.00"), -100),
        PostalChange(2026, Decimal("-30000.00"), None),
    ]


def test_a_customer_is_found_by_its_own_people_and_not_by_a_competitors() -> None:
    basic = apart(BasicPart(contact="李四", phone="13900001111", email="li@example.cn"))
    found = findable(Section.BASIC, basic.secrets)
    assert (found.people, found.phones) == (("李四",), ("13900001111",))
    people = findable(Section.KEY_PEOPLE, apart(PEOPLE).secrets)
    assert people.people == ("王小明", "欧阳兰")
    assert findable(Section.COMPETITORS, {"/competitors/0/contact": "某人"}).people == ()
