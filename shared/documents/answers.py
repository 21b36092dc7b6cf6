"""Files as answers of an API: a form that is printed, rows that are exported page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.auth import Caller
from shared.documents.csv_text import BEGINNING, csv_lines
from shared.documents.exports import ExportFormat, Listing
from shared.documents.forms import Cell, Form, FormFormat, Printing
from shared.documents.press import Press, refuse_too_large
from shared.http.entrance import Entrance
from shared.http.tracing import trace_of
from shared.work import Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"pdf": "application/pdf", "xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
_SITE = """
SELECT units.name FROM kit.unit_closure above JOIN kit.units ON units.unit = above.ancestor
WHERE above.unit = :unit AND units.parent IS NULL
"""


def files(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a route that answers with a file of one of `kinds` (pdf, xlsx, csv)."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {MEDIA_TYPES[kind].partition(";")[0]: binary for kind in kinds}
    return {200: {"description": "文件 / the file", "content": content}}


async def site_name(work: Work) -> str:
    """The name of the site: of the topmost unit above the caller's."""
    return str(await work.value(_SITE, unit=work.person.unit) or work.person.unit)


async def printing(work: Work, by: str) -> Printing:
    """Whose form it is, who had it printed (as he is to be named), and now, at the site."""
    return Printing(await site_name(work), by, work.now.astimezone(work.zone))


class Printed(Response):
    """A form, printed after the read has ended, so that no connection waits for the press.

    Raises FormTooLarge when it is made, and NotPrinted when it is sent.
    """

    def __init__(self, form: Form, on: FormFormat, name: str) -> None:
        refuse_too_large(form, on)
        super().__init__(media_type=MEDIA_TYPES[on], headers=attachment(f"{name}.{on}"))
        self._form = form
        self._on = on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Print and send."""
        press: Press = scope["app"].state.press
        self.body = await press.print(self._form, self._on)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


class Exported(StreamingResponse):
    """Rows in sight, page after page, each in a read of its own: no one holds them all.

    `today` is the business day of the export, whatever the clock says at its end. Trouble before
    the first piece is a problem; later it breaks the connection off, so that half a file is never
    taken for a whole one.
    """

    def __init__(
        self, request: Request, caller: Caller, listing: Listing, on: ExportFormat, today: date
    ) -> None:
        super().__init__(
            self._pieces(request, caller, on),
            media_type=MEDIA_TYPES[on],
            headers=attachment(f"{listing.title}-{today}.{on}"),
        )
        self._listing = listing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Get the first piece, and only then begin to answer."""
        pieces = self.body_iterator
        first = await anext(aiter(pieces))

        async def all_pieces() -> AsyncIterator[Any]:
            yield first
            async for piece in pieces:
                yield piece

        self.body_iterator = all_pieces()
        await super().__call__(scope, receive, send)

    async def _pieces(
        self, request: Request, caller: Caller, on: ExportFormat
    ) -> AsyncIterator[bytes]:
        listing = self._listing
        pages = _pages(request, caller, listing)
        if on is ExportFormat.CSV:
            yield BEGINNING + csv_lines([listing.columns])
            async for page in pages:
                yield csv_lines(page)
            return
        press: Press = request.app.state.press
        rows = (row async for page in pages for row in page)
        async for piece in press.sheet(listing.title, listing.site, listing.columns, rows):
            yield piece


async def _pages(
    request: Request, caller: Caller, listing: Listing
) -> AsyncIterator[list[Sequence[str | Cell]]]:
    entrance: Entrance = request.app.state.entrance
    trace = trace_of(request.scope)
    start: Mapping[str, Any] = {}
    while True:
        asked = listing.question(start)

        async def page(work: Work, asked: tuple[str, dict[str, Any]] = asked) -> Sequence[Any]:
            return await work.rows(asked[0], **asked[1])

        rows = await entrance.readings.read(caller, trace, page)
        if rows:
            yield [listing.make(row) for row in rows]
        if len(rows) < listing.page_size:
            return
        start = listing.after(rows[-1])


def attachment(name: str) -> dict[str, str]:
    """The header that names a file: in ASCII for the old, in Chinese by RFC 5987."""
    ascii_name = "".join(sign if sign.isascii() and sign not in '"\\' else "_" for sign in name)
    value = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"content-disposition": value}
