"""ETag and If-Match: whoever changes a thing proves that he saw its present version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Depends, Header

from shared.errors import Refusal, StaleVersion

_STRONG = re.compile(r'"(\d{1,18})"')


class VersionRequired(Refusal):
    """A change without If-Match could undo what the caller never saw."""

    code = "version-required"
    status = 428
    title_zh = "缺少 If-Match"
    title_en = "If-Match is missing"
    headers: ClassVar[Mapping[str, str]] = {}


def etag(version: int) -> str:
    """The entity tag of `version`; routes set it by themselves when the model has `version`."""
    return f'"{version}"'


async def _expected(
    if_match: Annotated[
        str | None,
        Header(description='所见版本的 ETag，例如 "3" / the ETag of the version that was read'),
    ] = None,
) -> int:
    if if_match is None:
        raise VersionRequired(
            "修改须带 If-Match，值为读取时的 ETag",
            "a change needs If-Match with the ETag that was read",
        )
    match = _STRONG.fullmatch(if_match.strip())
    if match is None:
        raise StaleVersion(
            f"If-Match {if_match[:40]} 不是本服务给出的 ETag",
            f"If-Match {if_match[:40]} is no ETag that this service gave out",
        )
    return int(match[1])


IfMatch = Annotated[int, Depends(_expected)]
"""The version that the caller saw: 428 when missing, 412 when it cannot be one of ours."""


def require_version(expected: int, actual: int) -> None:
    """Raise StaleVersion (412) unless the thing still has the version that the caller saw."""
    if expected != actual:
        raise StaleVersion(
            f"当前为第 {actual} 版，您看到的是第 {expected} 版；请重新读取",
            f"the thing is at version {actual}, you saw {expected}; read it again",
            expected=expected,
            actual=actual,
        )
