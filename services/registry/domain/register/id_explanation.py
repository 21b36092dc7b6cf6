"""What a typed customer ID says, and every slip that the code lets us see (R-34)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

from .customer_ids import CustomerId, CustomerIdLayout, Finding, faults_of_form, take_apart
from .divisions import Divisions, told_successors

_LOOK_ALIKE = {"O": "0", "o": "0", "D": "0", "I": "1", "l": "1", "Z": "2", "S": "5", "B": "8"}
_DIVIDERS = frozenset(" -_.·—\t")


def explain(
    text: str,
    layout: CustomerIdLayout,
    divisions: Divisions,
    on: date,
    highest: Mapping[str, int],
) -> tuple[CustomerId | None, list[Finding]]:
    """The layers of `text` and everything wrong with it, as far as the code allows (R-34).

    `highest` holds the numbers given out so far: key division for customers, head-office ID for
    branches. There is no check digit, so a slip that hits another issued ID stays unseen.
    """
    faults = faults_of_form(text, layout)
    if faults:
        division = text[: layout.division_digits]
        is_readable = (
            len(division) == layout.division_digits and division.isascii() and division.isdigit()
        )
        more = _division_findings(division, divisions, on) if is_readable else []
        return None, [*faults, *_perhaps(text, layout), *more]
    parsed = take_apart(text, layout)
    return parsed, [
        *_division_findings(parsed.division, divisions, on),
        *_issue_findings(parsed, highest),
    ]


def plain(text: str) -> str:
    """The digits that may have been meant: wide signs, blanks, dashes, look-alikes undone."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(_LOOK_ALIKE.get(sign, sign) for sign in narrow if sign not in _DIVIDERS)


def _perhaps(text: str, layout: CustomerIdLayout) -> list[Finding]:
    meant = plain(text)
    if meant == text or faults_of_form(meant, layout):
        return []
    return [
        Finding(
            "perhaps-meant",
            f"或许是 {meant}；请核对后重新输入",
            f"perhaps {meant}; check, then type",
        )
    ]


def _division_findings(code: str, divisions: Divisions, on: date) -> list[Finding]:
    division = divisions(code)
    if division is None:
        return [Finding("unknown-division", f"没有行政区划 {code}", f"there is no division {code}")]
    if division.name_on(on) is None:
        zh, en = told_successors(division, divisions)
        return [
            Finding(
                "retired-division",
                f"行政区划 {code}（{division.last_name}）已停用，有效年份 {division.years}；"
                f"{zh}；已发放的ID终身有效",
                f"division {code} ({division.last_name}) is no longer in force, only in "
                f"{division.years}; {en}; an ID given out under it stays valid for life",
                is_error=False,
            )
        ]
    return []


def _issue_findings(parsed: CustomerId, highest: Mapping[str, int]) -> list[Finding]:
    findings = []
    if parsed.customer > highest.get(parsed.division, 0):
        findings.append(
            Finding(
                "never-issued",
                f"{parsed.division} 尚未发放第 {parsed.customer} 号客户编码",
                f"customer number {parsed.customer} of {parsed.division} was never given out",
            )
        )
    if parsed.branch > highest.get(parsed.head_office_id, 0):
        findings.append(
            Finding(
                "branch-never-issued",
                f"{parsed.head_office_id} 尚未发放第 {parsed.branch} 号分支编码",
                f"branch number {parsed.branch} of {parsed.head_office_id} was never given out",
            )
        )
    return findings
