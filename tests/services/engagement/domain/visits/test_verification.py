"""E-26: every trip record is verified by phone, by somebody who was not there."""

from __future__ import annotations

from datetime import date

import pytest

from services.engagement.domain.visits.verification import (
    AlreadyVerified,
    Verdict,
    Verification,
    VerificationRules,
    VerifierWasThere,
    call,
)
from shared.identifiers import derived_id

RULES = VerificationRules(trip_channels=("visit",), within_working_days=3, attempts=3)
OPEN = Verification(derived_id("visit", 1), date(2025, 3, 13), is_provisional=False)
PEOPLE = ("S-VISITOR", "S-WRITER")


def found(verification: Verification, verdict: Verdict, by: str = "S-PHONE") -> Verification:
    return call(verification, RULES, verdict, by, PEOPLE)


@pytest.mark.parametrize("verifier", PEOPLE)
def test_E_26_who_made_or_recorded_the_visit_may_not_verify_it(verifier: str) -> None:
    with pytest.raises(VerifierWasThere):
        found(OPEN, Verdict.CONFIRMED, by=verifier)


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.DIFFERS])
def test_E_26_an_answer_is_the_verdict(verdict: Verdict) -> None:
    verified = found(OPEN, verdict)
    assert (verified.verdict, verified.attempts) == (verdict, 1)


def test_E_26_nobody_answering_is_the_verdict_at_the_third_attempt_and_not_before() -> None:
    twice = found(found(OPEN, Verdict.NO_ANSWER), Verdict.NO_ANSWER)
    assert (twice.verdict, twice.attempts) == (None, 2)
    thrice = found(twice, Verdict.NO_ANSWER)
    assert (thrice.verdict, thrice.attempts) == (Verdict.NO_ANSWER, 3)


def test_E_26_a_verdict_is_given_once() -> None:
    with pytest.raises(AlreadyVerified):
        found(found(OPEN, Verdict.CONFIRMED), Verdict.DIFFERS)


def test_only_a_trip_leaves_a_trip_record() -> None:
    assert RULES.is_trip("visit")
    assert not RULES.is_trip("phone")


def test_rules_that_never_try_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        VerificationRules(("visit",), within_working_days=1, attempts=0)
    with pytest.raises(ValueError, match="at least one"):
        VerificationRules(("visit",), within_working_days=0, attempts=1)
