"""What kept libraries make of telephone numbers and of amounts written in words."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import phonenumbers

_REGION = "CN"
_DRESSING = re.compile(r"^(?:注册资本|人民币|RMB|CNY|[¥￥：:])+|(?:人民币|RMB|CNY)$", re.IGNORECASE)
_UNIT = re.compile(r"(?:元|圆)?(?:整|正)?$")
_FIGURES = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SPACES_AND_COMMAS = re.compile(r"[\s,]")
_LARGEST = Decimal(10) ** 16


@lru_cache(maxsize=4096)
def capital_amount(text: str | None) -> Decimal | None:
    """The yuan that a free text says ("500万元", "壹仟万", "人民币1,000.00万元整").

    None when it says something else: another currency, a range, a word, nothing, or more than any
    capital; the words are kept beside it in any case.
    """
    if not text:
        return None
    bare = _SPACES_AND_COMMAS.sub("", unicodedata.normalize("NFKC", text))
    bare = _UNIT.sub("", _DRESSING.sub("", bare))
    try:
        amount = Decimal(bare) if _FIGURES.fullmatch(bare) else _in_words(bare)
    except ValueError:
        return None
    return amount if 0 <= amount < _LARGEST and amount == round(amount, 2) else None


def is_phone(text: str | None) -> bool:
    """Whether `text` is a number that anybody can call; one without its area code is not."""
    if not text:
        return False
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _in_words(bare: str) -> Decimal:
    # Almost a second and 4 MB: a process that reads no amount in words does without.
    import cn2an

    return Decimal(str(cn2an.cn2an(bare, "smart")))
