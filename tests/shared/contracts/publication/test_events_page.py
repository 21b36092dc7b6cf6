"""The page of events says of each who sends it, who takes it, and what is in it."""

from __future__ import annotations

from shared.contracts import catalogue
from shared.contracts.publication.events_page import events_page


def test_every_event_has_a_section_and_a_line_at_a_glance() -> None:
    page = events_page({})
    for event in catalogue.all_events():
        kind = catalogue.subject_of(event)
        assert f"\n### {kind}\n" in page
        assert f"| [`{kind}`](#{kind.replace('.', '')}) |" in page


def test_who_takes_an_event_is_said_when_it_is_known() -> None:
    page = events_page({"dakehu.billing.revenue_posted.v1": ["registry", "tiering"]})
    section = page.split("### dakehu.billing.revenue_posted.v1\n")[1].split("\n### ")[0]
    assert "- published by: billing\n- taken by: registry, tiering\n" in section
    assert (
        "| `shares` | list of [RevenueShare](#revenueshare) | always | They sum exactly" in section
    )
    assert "| `signed_at_unit` | code |  | Where the agreement was signed (R-36). |" in section


def test_what_another_system_sends_is_shown_with_the_system_in_its_subject() -> None:
    section = events_page({}).split("### enterprise.revenue_recorded.v1\n")[1].split("\n### ")[0]
    assert "- subject: `enterprise.<system>.revenue_recorded.v1`" in section
    assert "- published by: other systems" in section


def test_parts_and_closed_vocabularies_are_explained() -> None:
    page = events_page({})
    assert "\n### MoneyAmount\n" in page
    assert "| `amount` | amount | always |" in page
    assert "One of `declared`, `approved`, `suspended`, `registered`, `closed`." in page


def test_no_type_is_left_to_the_machine() -> None:
    """Every text has one of the names that the page explains."""
    assert "| string |" not in events_page({})
    assert "list of string" not in events_page({})
    assert "| any |" not in events_page({})


def test_what_absence_means_is_said_where_it_is_not_nothing() -> None:
    assert "| `channel` | word |  | visit, phone, mail, event (E-14). Absent: `visit`. |" in (
        events_page({})
    )
