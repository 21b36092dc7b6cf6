"""R-36, R-37: the place of signature makes the owner; business elsewhere is for above."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.belonging.ownership import (
    Confirmed,
    Contested,
    Established,
    Ownership,
    OwnershipRule,
    by_ruling,
    by_signature,
    elsewhere,
    first_owner,
    owner_on,
)

from ..organisations import ORGANISATION

MARCH, APRIL, JUNE = date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 1)
DECLARED = first_owner("GZ-TH", OwnershipRule.DECLARATION, MARCH)


def sign(history: list[Ownership], unit: str) -> Established | Contested | Confirmed:
    return by_signature(history, ORGANISATION, unit, APRIL, APRIL)


def test_r36_the_first_signature_at_home_confirms_the_declared_owner() -> None:
    for place in ("GZ-TH", "GZ-TH-SP", "GZ"):
        outcome = sign([DECLARED], place)
        assert isinstance(outcome, Established)
        assert outcome.ownership == Ownership("GZ-TH", OwnershipRule.SIGNING_PLACE, APRIL, 2)


def test_r36_the_first_signature_elsewhere_makes_the_centre_of_its_place_the_owner() -> None:
    outcome = sign([DECLARED], "SZ-NS")
    assert isinstance(outcome, Established)
    assert outcome.ownership.owner_unit == "SZ-NS"
    assert outcome.ownership.effective_on == APRIL


def test_r36_a_signature_entered_late_restates_from_the_day_it_was_signed() -> None:
    outcome = by_signature([DECLARED], ORGANISATION, "SZ-NS", APRIL, JUNE)
    assert isinstance(outcome, Established)
    assert outcome.ownership.supersedes == 1


def test_r04_a_signature_at_a_branch_counts_for_its_centre() -> None:
    declared = first_owner("SZ", OwnershipRule.DECLARATION, MARCH)
    outcome = sign([declared], "GZ-TH-SP")
    assert isinstance(outcome, Established)
    assert outcome.ownership.owner_unit == "GZ-TH"


def test_r37_a_later_signature_elsewhere_is_contested_and_changes_nothing() -> None:
    settled = Ownership("GZ-TH", OwnershipRule.SIGNING_PLACE, APRIL, 2)
    assert sign([DECLARED, settled], "SZ-NS") == Contested(("SZ-NS",))
    assert sign([DECLARED, settled], "GZ-TH-SP") == Confirmed()


def test_r37_a_ruling_is_not_undone_by_a_signature() -> None:
    ruled = by_ruling([DECLARED], "SZ", UUID(int=1), MARCH, JUNE)
    assert (ruled.version, ruled.supersedes) == (2, 1)
    assert sign([DECLARED, ruled], "SZ-NS") == Confirmed()
    assert sign([DECLARED, ruled], "GZ-TH") == Contested(("GZ-TH",))


def test_r37_business_outside_the_territory_is_contested() -> None:
    assert elsewhere(ORGANISATION, "GZ-TH", (), ["GZ-TH-SP", "GZ"]) == Confirmed()
    assert elsewhere(ORGANISATION, "GZ-TH", (), ["GZ-TH", "SZ-NS", "GZ-PY"]) == Contested(
        ("GZ-PY", "SZ-NS")
    )
    assert elsewhere(ORGANISATION, "SZ", (), ["GZ-TH-SP"]) == Contested(("GZ-TH",))


def test_r37_a_unit_that_shares_by_the_split_contests_nothing() -> None:
    assert elsewhere(ORGANISATION, "GZ-TH", ["SZ"], ["SZ-NS"]) == Confirmed()


def test_every_version_keeps_its_days() -> None:
    later = Ownership("SZ", OwnershipRule.SIGNING_PLACE, JUNE, 2)
    history = [later, DECLARED]
    assert owner_on(history, date(2026, 2, 28)) is None
    assert owner_on(history, date(2026, 5, 31)) == DECLARED
    assert owner_on(history, JUNE) == later
    ruled = by_ruling(history, "GZ", UUID(int=2), APRIL, JUNE)
    assert owner_on([*history, ruled], MARCH) == DECLARED
    assert owner_on([*history, ruled], JUNE) == ruled


@given(st.permutations([(1, "SZ-NS"), (2, "GZ-TH-SP"), (3, "GZ-PY"), (4, "SZ")]))
def test_r36_the_earliest_signature_settles_whichever_became_known_first(
    signatures: list[tuple[int, str]],
) -> None:
    history = [DECLARED]
    for day, place in signatures:
        signed_on = date(2026, 4, day)
        outcome = by_signature(history, ORGANISATION, place, signed_on, JUNE)
        if isinstance(outcome, Established):
            history.append(outcome.ownership)
    held = owner_on(history, JUNE)
    assert held is not None
    assert (held.owner_unit, held.effective_on) == ("SZ-NS", date(2026, 4, 1))


def test_r37_who_owned_by_a_later_signature_is_heard_when_an_earlier_one_turns_up() -> None:
    first = sign([DECLARED], "SZ-NS")
    assert isinstance(first, Established)
    history = [DECLARED, first.ownership]
    earlier = by_signature(history, ORGANISATION, "GZ-TH", date(2026, 3, 15), APRIL)
    assert isinstance(earlier, Established)
    assert (earlier.ownership.owner_unit, earlier.displaced) == ("GZ-TH", ("SZ-NS",))
