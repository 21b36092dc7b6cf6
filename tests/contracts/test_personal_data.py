"""What our services publish names no person and quotes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from shared.contracts import catalogue
from shared.contracts.envelope import Event, Part, Published
from shared.contracts.schemas import schema_of
from shared.contracts.values import Name, Note, Text

NAMES_OF_THINGS = {
    "CustomerChanged.name",
    "CustomerChanged.short_name",
    "GiftGiven.item_name",
    "Measure.name",
    "PolicyRef.name",
    "UnitChanged.name",
}
"""Fields called a name that name an organisation, a unit or a thing."""
SUSPICIOUS = (
    *("name", "phone", "mobile", "telephone", "fax", "email", "mail_address", "wechat"),
    *("address", "postcode", "contact", "person", "birth", "id_card", "gender"),
    *("text", "content", "comment", "note", "description", "detail", "remark", "message"),
)
"""Words in a field's name that stand for a person's data or for free text."""
LONGEST_LINE = 300
"""Anything longer is prose."""


def _suspects(event: type[Event]) -> Iterator[str]:
    for said, field in _fields(event):
        words = f"_{said.split('.')[1]}_"
        is_called_so = any(f"_{word}_" in words for word in SUSPICIOUS)
        if said not in NAMES_OF_THINGS and (is_called_so or _is_prose(field)):
            yield said


def _fields(event: type[Event]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`Part.field` and its schema, of the event and of all its parts."""
    schema = schema_of(event)
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            yield f"{part['title']}.{name}", field


def _is_prose(field: dict[str, Any]) -> bool:
    """Text without a limit, a pattern of its own or a vocabulary."""
    for option in field.get("anyOf", [field]):
        option = option.get("items", option)
        is_free = option.get("type") == "string" and not option.keys() & {"enum", "const", "format"}
        if is_free and option.get("maxLength", 0) > LONGEST_LINE:
            return True
        if is_free and "maxLength" not in option and "pattern" not in option:
            return True
    return False


def test_no_fact_of_ours_has_a_field_for_personal_data_or_free_text() -> None:
    for event in catalogue.all_events():
        if issubclass(event, Published):
            assert list(_suspects(event)) == [], event.__name__


def test_every_name_that_is_let_pass_is_really_there() -> None:
    there = {
        said
        for event in catalogue.all_events()
        if issubclass(event, Published)
        for said, _ in _fields(event)
    }
    assert there >= NAMES_OF_THINGS


def test_planted_personal_data_is_caught() -> None:
    class Contact(Part):
        mobile: str = "…"
        """A planted telephone number, deep inside."""

    class Planted(Published):
        """A planted fact."""

        subject: ClassVar[str] = "dakehu.registry.planted.v1"
        contact: Contact
        staff_name: Name
        reply: Text
        hints: tuple[Note, ...]
        remark_zh: Name

    assert set(_suspects(Planted)) == {
        "Contact.mobile",
        "Planted.contact",
        "Planted.hints",
        "Planted.remark_zh",
        "Planted.reply",
        "Planted.staff_name",
    }


def test_what_other_systems_send_may_hold_what_ours_may_not() -> None:
    observed = catalogue.enterprise_event("customer_observed", 1)
    assert observed is not None
    assert "CustomerObserved.phone" in set(_suspects(observed))
