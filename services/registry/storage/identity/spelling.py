"""Spellings: traditional and simplified characters, pinyin, telephone numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, cast

import phonenumbers

from services.registry.domain.identity.names import (
    NameKeys,
    address_key,
    folded,
    name_keys,
    person_key,
    signs,
)

_HOME = "CN"
_MEMORY = 4096
_WORDS = 16384
_EXTENSION = re.compile(r"转|轉|分机|分機|ext|#|\*")

_ONE_BY_ONE = cast("Callable[[str], str]", list)
"""Letters and digits count one by one; pypinyin takes a list, its types know only texts."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name as it is compared and looked up.

    `initials` and `pinyin` are of its signs (gznf, guangzhounanfang); Latin letters and digits in
    the name stand for themselves.
    """

    keys: NameKeys
    initials: str
    pinyin: str


@cache
def _simplifying() -> Callable[[str], str]:
    from opencc import OpenCC

    return cast("Callable[[str], str]", OpenCC("t2s").convert)


@cache
def _syllables() -> Callable[[str], list[str]]:
    # 55 MB of dictionaries: a process that spells no name does without.
    from pypinyin import Style
    from pypinyin.converter import DefaultConverter
    from pypinyin.core import Pinyin

    class Remembering(DefaultConverter):
        """Reads each word once: names are made of few, and a reading costs more than all else."""

        def __init__(self) -> None:
            super().__init__()
            self._read = lru_cache(_WORDS)(super().convert)

        def convert(self, *how: Any, **more: Any) -> Any:
            return self._read(*how, **more)

    read = Pinyin(Remembering()).lazy_pinyin
    return partial(read, style=Style.NORMAL, errors=_ONE_BY_ONE)


@lru_cache(_MEMORY)
def simplified(text: str) -> str:
    """`text` in simplified characters; what has none stays."""
    if text.isascii():
        return text
    return _simplifying()(text)


@lru_cache(_MEMORY)
def compared(name: str) -> NameKeys:
    """How `name` is compared, in its four strengths (R-81); pinyin is not needed for that."""
    return name_keys(simplified(name))


@lru_cache(_MEMORY)
def spelled(name: str) -> Spelling:
    """How `name` is compared and looked up (R-81)."""
    keys = compared(name)
    syllables = _syllables()(keys.full)
    return Spelling(
        keys,
        initials="".join(syllable[:1] for syllable in syllables).lower(),
        pinyin="".join(syllables).lower(),
    )


def wanted(text: str) -> str:
    """What a search looks for: the letters and digits of `text`, simplified and folded."""
    return signs(folded(simplified(text)))


def address(text: str) -> str | None:
    """An address as it is compared; None when nothing of it is left."""
    return address_key(simplified(text)) or None


def person(text: str) -> str | None:
    """A person's name as it is compared; None when nothing of it is left."""
    return person_key(simplified(text)) or None


def phone(text: str) -> str | None:
    """A telephone number in E.164; None for what is none (R-81).

    Numbers without a country are Chinese ones: mobile, or with area code. An extension is left out:
    who shares a switchboard is one customer.
    """
    try:
        number = phonenumbers.parse(_EXTENSION.split(folded(text))[0], _HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def feature(kind: str, key: str) -> int:
    """A number of 64 bits for a key of a name: what the index compares instead of texts."""
    digest = hashlib.blake2b(f"{kind}\x1f{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def features(spellings: Iterable[Spelling]) -> list[int]:
    """The features of a customer's names, sorted: what makes it like another (R-81)."""
    return sorted({number for each in spellings for _, number in named_features(each.keys)})


def named_features(keys: NameKeys) -> list[tuple[str, int]]:
    """The features of one name, each with the strength in which it compares names."""
    pairs = [("name", keys.full), ("core", keys.core), ("bare", keys.bare)]
    pairs += [("near", key) for key in keys.near]
    return [(kind, feature(kind, key)) for kind, key in pairs]
