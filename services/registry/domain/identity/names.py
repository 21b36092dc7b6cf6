"""Names and addresses, reduced to what two spellings of one have in common (R-81).

The texts come in with simplified characters. What is left of a name is compared in four strengths:
all of it; without the legal form; without what stands in brackets; and with one sign wrong.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_OPEN, _CLOSE = r"[(\[{【〔〖]", r"[)\]}】〕〗]"
_BRACKETS = re.compile(rf"{_OPEN}([^()\[\]{{}}【】〔〕〖〗]*){_CLOSE}")
_TRAILING = re.compile(rf"^(.*?)((?:\s*{_OPEN}[^()\[\]{{}}【】〔〕〖〗]*{_CLOSE})+)\s*$", re.S)
_FORMS = re.compile(
    r"(?:股份有限责任公司|有限责任股份公司|股份有限公司|有限责任公司|责任有限公司|有限公司"
    r"|股份公司|总公司|公司|合伙企业|个人独资企业)$"
)
"""Legal forms of Chinese company law, as the end of a name."""
_STAGES = frozenset(
    {"有限合伙", "普通合伙", "特殊普通合伙", "筹", "筹备", "筹备组", "个人独资", "外商独资"}
    | {"中外合资", "中外合作", "自然人独资"}
)
"""What in brackets says of the legal form, and nothing of the company."""
_FOREIGN_FORMS = frozenset(
    {"co", "ltd", "limited", "company", "inc", "incorporated", "corp", "corporation", "llc", "llp"}
    | {"lp", "plc", "gmbh", "ag", "sa", "sarl", "bv", "nv", "kk", "oy", "ab", "spa", "srl", "pte"}
    | {"pty", "bhd", "sdn"}
)
_WORDS = re.compile(r"[a-z0-9&]+|[^a-z0-9&\s]+|\s+")
_PROVINCE = re.compile(r"^(?:中国|中华人民共和国)?(?:[^省市县区]{2,3}省|[^省市县]{2,7}自治区)?")


@dataclass(frozen=True, slots=True)
class NameKeys:
    """One name in the four strengths; `near` holds the core and each of it with a sign left out."""

    full: str
    core: str
    bare: str
    near: tuple[str, ...]


def folded(text: str) -> str:
    """`text` in half width and small letters (NFKC, casefold)."""
    return unicodedata.normalize("NFKC", text).casefold()


def signs(text: str) -> str:
    """The letters and digits of a folded `text`: blanks and signs put aside."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")


def name_keys(simplified: str) -> NameKeys:
    """What is compared of a name that is written in simplified characters (R-81).

    Brackets are put aside and their content is kept, since 宝洁（广州） is not 宝洁（成都）, unless
    it only says something of the legal form; `bare` leaves the content out. A name that is nothing
    but a legal form is kept whole.
    """
    text = folded(simplified)
    full = signs(text)
    core = signs(_without_form(text)) or full
    bare = signs(_without_form(_BRACKETS.sub(" ", text))) or core
    return NameKeys(full, core, bare, near_keys(core))


def near_keys(core: str) -> tuple[str, ...]:
    """The core and each of it with one sign left out: two names that share one differ by a slip.

    A slip is a sign too many, too few, another one, or two that changed places.
    """
    shorter = {core[:at] + core[at + 1 :] for at in range(len(core))} if len(core) > 1 else set()
    return (core, *sorted(shorter - {core}))


def address_key(simplified: str) -> str:
    """What is compared of an address: letters and digits, without country and province (R-81)."""
    text = signs(folded(simplified))
    shortened = _PROVINCE.sub("", text, count=1)
    return shortened or text


def person_key(simplified: str) -> str:
    """What is compared of a person's name."""
    return signs(folded(simplified))


def _without_form(text: str) -> str:
    """`text` without its legal form, wherever in the end it stands, and without stages."""
    text = _BRACKETS.sub(_unless_stage, text)
    match = _TRAILING.match(text)
    head, tail = (match[1], match[2]) if match else (text, "")
    return _without_foreign_form(_FORMS.sub("", head.strip().rstrip(".。"))) + " " + tail


def _unless_stage(match: re.Match[str]) -> str:
    return " " if signs(match[1]) in _STAGES else match[0]


def _without_foreign_form(text: str) -> str:
    words = [word for word in _WORDS.findall(text) if signs(word)]
    while len(words) > 1 and words[-1] in _FOREIGN_FORMS:
        words.pop()
    return " ".join(words)
