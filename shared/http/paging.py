"""Keyset paging: a page starts after the last row of the one before, whatever came in since."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from shared.errors import Refusal
from shared.work import Work

T = TypeVar("T")
R = TypeVar("R", bound=Mapping[Any, Any])

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
_MAX_BIGINT = 2**63 - 1


class InvalidPageToken(Refusal):
    """Not a token that this route gave out for this very question."""

    code = "invalid-page-token"
    title_zh = "翻页标记无效"
    title_en = "Invalid page token"

    def __init__(self) -> None:
        super().__init__(
            "page_token 不是本查询给出的标记；请从第一页重新开始",
            "page_token was not given out for this query; start again from the first page",
        )


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("NUL in a page token")
    value.encode()
    return value


def _integer(value: str) -> int:
    number = int(value)
    if abs(number) > _MAX_BIGINT:
        raise ValueError("beyond bigint")
    return number


def _decimal(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset")
    return instant


_READERS: dict[str, Callable[[str], object]] = {
    "text": _text,
    "uuid": UUID,
    "integer": _integer,
    "numeric": _decimal,
    "date": date.fromisoformat,
    "instant": _instant,
}


class Keyset:
    """The order of a list: columns that are never NULL and together unique, all one direction.

    `Keyset("taken_on date", "deposit_id uuid", descending=True)`; kinds are text, uuid, integer,
    numeric, date and instant.
    """

    def __init__(self, *columns: str, descending: bool = False) -> None:
        pairs = [column.split() for column in columns]
        self.names = tuple(name for name, _ in pairs)
        self._readers = tuple(_READERS[kind] for _, kind in pairs)
        self._direction = "DESC" if descending else "ASC"
        self._comparison = "<" if descending else ">"

    def statement(self, sql: str, starts_after_a_row: bool) -> str:
        """`sql` cut to one page; takes :page_0 … when it starts after a row, and :page_limit."""
        order = ", ".join(f"{name} {self._direction}" for name in self.names)
        where = ""
        if starts_after_a_row:
            places = ", ".join(f":page_{index}" for index in range(len(self.names)))
            where = f" WHERE ({', '.join(self.names)}) {self._comparison} ({places})"
        return f"SELECT * FROM ({sql}) AS listed{where} ORDER BY {order} LIMIT :page_limit"

    def values(self, texts: Sequence[str]) -> dict[str, Any]:
        """The parameters for the row that a token names. Raises ValueError, InvalidOperation."""
        pairs = zip(self._readers, texts, strict=True)
        return {f"page_{index}": read(text) for index, (read, text) in enumerate(pairs)}


class Page(BaseModel, Generic[T]):
    """One page of a list; without `next_page_token` it is the last."""

    items: list[T]
    next_page_token: str | None = Field(
        default=None, description="下一页标记 / pass it as page_token to read on"
    )


class PageRequest:
    """Which page a caller wants. `read` turns a query into it."""

    def __init__(self, size: int, token: str | None, question: str) -> None:
        self.size = size
        self._token = token
        self._fingerprint = hashlib.blake2b(question.encode(), digest_size=8).hexdigest()

    async def read(
        self,
        work: Work,
        sql: str,
        keyset: Keyset,
        make: Callable[[RowMapping], T],
        **parameters: Any,
    ) -> Page[T]:
        """The rows of `sql` (without ORDER BY and LIMIT) on this page, each made by `make`.

        The columns of `keyset` have to be among those that `sql` selects. Raises
        InvalidPageToken.
        """
        start = self.start(keyset)
        rows = await work.rows(
            keyset.statement(sql, bool(start)), **parameters, **start, page_limit=self.size + 1
        )
        return self.of(rows, keyset, make)

    def of(self, rows: Sequence[R], keyset: Keyset, make: Callable[[R], T]) -> Page[T]:
        """The page made of `rows`, which are one more than `size` when another page follows."""
        token = None
        if len(rows) > self.size:
            token = self._token_after(rows[self.size - 1], keyset)
        return Page[Any](items=[make(row) for row in rows[: self.size]], next_page_token=token)

    def part(self, items: Sequence[T], last: Mapping[Any, Any] | None, keyset: Keyset) -> Page[T]:
        """A page of `items`, picked out of rows up to `last`, after which the next one starts.

        None: there are no more rows. It may be shorter than `size`.
        """
        token = None if last is None else self._token_after(last, keyset)
        return Page[Any](items=list(items), next_page_token=token)

    def start(self, keyset: Keyset) -> dict[str, Any]:
        """After which row the page starts, as :page_0 …; empty for the first page.

        Raises InvalidPageToken.
        """
        if self._token is None:
            return {}
        try:
            fingerprint, *texts = orjson.loads(base64.urlsafe_b64decode(self._token))
            if fingerprint != self._fingerprint or not all(isinstance(t, str) for t in texts):
                raise InvalidPageToken
            return keyset.values(texts)
        except (ValueError, TypeError, InvalidOperation, binascii.Error) as error:
            raise InvalidPageToken from error

    def _token_after(self, row: Mapping[Any, Any], keyset: Keyset) -> str:
        texts = [_shown(row[name]) for name in keyset.names]
        return base64.urlsafe_b64encode(orjson.dumps([self._fingerprint, *texts])).decode()


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _requested(
    request: Request,
    page_size: Annotated[
        int, Query(ge=1, le=MAX_PAGE_SIZE, description="每页条数 / items a page")
    ] = DEFAULT_PAGE_SIZE,
    page_token: Annotated[
        str | None, Query(max_length=2000, description="上一页给出的标记 / from the page before")
    ] = None,
) -> PageRequest:
    filters = sorted(
        f"{name}={value}"
        for name, value in request.query_params.multi_items()
        if name not in ("page_size", "page_token")
    )
    return PageRequest(page_size, page_token, "\n".join([request.url.path, *filters]))


PageQuery = Annotated[PageRequest, Depends(_requested)]
"""For a route that lists: `page: PageQuery`, then `await page.read(work, sql, keyset, make)`."""
