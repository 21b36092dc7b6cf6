"""Which encoding a text file is in: the ones that Excel writes, found by rule, never by guess."""

from __future__ import annotations

import codecs
from pathlib import Path

from shared.errors import Invalid

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20


class UnknownEncoding(Invalid):
    """The bytes are text in none of the encodings that are tried."""

    code = "unknown-encoding"
    title_zh = "无法识别编码"
    title_en = "Unknown encoding"


def encoding_of(path: Path, given: str | None = None) -> str:
    """The codec that reads the whole file.

    A byte order mark decides; else what is `given`; else UTF-16 by its zero bytes, UTF-8 if every
    byte fits it, GB18030 if every byte fits that. Raises UnknownEncoding, naming the first byte
    that is no text.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, codec in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            _demand_readable(path, [codec])
            return codec
    if given is not None:
        return _demand_readable(path, [given])
    zeros_at_even, zeros_at_odd = head[::2].count(0), head[1::2].count(0)
    if zeros_at_even or zeros_at_odd:
        codec = "utf-16-le" if zeros_at_odd > zeros_at_even else "utf-16-be"
        return _demand_readable(path, [codec])
    return _demand_readable(path, ["utf-8", "gb18030"])


def _demand_readable(path: Path, codecs_to_try: list[str]) -> str:
    """The first codec that reads the whole file."""
    problems = []
    for codec in codecs_to_try:
        problem = _first_problem(path, codec)
        if problem is None:
            return codec
        problems.append((codec, problem))
    tried = "、".join(codecs_to_try)
    where = "; ".join(f"{codec}: byte {at}" for codec, at in problems)
    raise UnknownEncoding(
        f"{path.name} 不是有效的 {tried} 文本（{where}）；请在映射文件中写明 encoding",
        f"{path.name} is no text in {', '.join(codecs_to_try)} ({where});"
        " name its encoding in the mapping",
    )


def _first_problem(path: Path, codec: str) -> int | None:
    """The offset near which the file stops being text in `codec`; None when all of it is."""
    try:
        decoder = codecs.getincrementaldecoder(codec)("strict")
    except LookupError:
        return 0
    offset = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset + error.start
            offset += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return offset
    return None
