"""Printing in a process of its own: the API goes on meanwhile, and the memory is given back."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from shared.documents.forms import Cell, Form, FormFormat
from shared.errors import Invalid, Refusal
from shared.logs import get_logger

log = get_logger(__name__)

MAX_CELLS = {FormFormat.PDF: 12_000, FormFormat.XLSX: 100_000}
"""Values on one form; a PDF of so many takes about 200 MB and two seconds to make."""
MAX_CHARACTERS = 2_000_000
_SECONDS = 60
_SHEET_SECONDS = 600
_CHUNK = 64 * 1024
_ROOT = Path(__file__).parents[2]
# Nothing of the service's own environment: a press needs no secret.
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


class FormTooLarge(Invalid):
    """More than one form is to hold: who needs all of it exports it."""

    code = "form-too-large"
    title_zh = "表单过大"
    title_en = "Form too large"


class NotPrinted(Refusal):
    """The press did not finish; nothing of it is kept."""

    code = "not-printed"
    status = 503
    title_zh = "打印失败"
    title_en = "Not printed"


class Press:
    """Prints one form and fills one sheet at a time; further ones wait their turn."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._forms = asyncio.Semaphore(1)
        self._sheets = asyncio.Semaphore(2)

    async def print(self, form: Form, on: FormFormat) -> bytes:
        """The file of `form`. Raises FormTooLarge, NotPrinted."""
        refuse_too_large(form, on)
        async with self._forms, _running(on.value) as process:
            try:
                printed, errors = await asyncio.wait_for(
                    process.communicate(orjson.dumps(form.as_data())), self._seconds
                )
            except TimeoutError as error:
                raise _not_printed() from error
        if process.returncode != 0:
            log.error("form not printed", form=form.code, press=errors.decode(errors="replace"))
            raise _not_printed()
        return printed

    async def sheet(
        self,
        title: str,
        site: str,
        columns: Sequence[str],
        rows: AsyncIterator[Sequence[str | Cell]],
    ) -> AsyncIterator[bytes]:
        """The XLSX file of `rows`, piece by piece; it begins when the last row has come.

        A row is handed on as it comes: nobody holds them all. Raises NotPrinted.
        """
        async with self._sheets, _running("rows") as process:
            assert process.stdin is not None and process.stdout is not None
            try:
                async with asyncio.timeout(_SHEET_SECONDS):
                    head = {"title": title, "site": site, "columns": [*columns]}
                    await _feed(process, head)
                    async for row in rows:
                        await _feed(process, row)
                    process.stdin.close()
                    while piece := await process.stdout.read(_CHUNK):
                        yield piece
                    code = await process.wait()
            except (TimeoutError, ConnectionError) as error:
                raise _not_printed() from error
        if code != 0:
            raise _not_printed()


def refuse_too_large(form: Form, on: FormFormat) -> None:
    """Raises FormTooLarge when `form` is beyond what is printed `on` that format."""
    limit, cells = MAX_CELLS[on], form.cells
    if cells > limit:
        raise FormTooLarge(
            f"表单有 {cells} 项，{on.value} 最多 {limit} 项；请缩小范围，或改用导出",
            f"the form has {cells} values, {on.value} takes {limit}: narrow it, or export",
            cells=cells,
            limit=limit,
        )
    characters = form.characters
    if characters > MAX_CHARACTERS:
        raise FormTooLarge(
            f"表单有 {characters} 字，最多 {MAX_CHARACTERS} 字；请缩小范围，或改用导出",
            f"the form has {characters} characters, {MAX_CHARACTERS} are printed at most",
            characters=characters,
            limit=MAX_CHARACTERS,
        )


@asynccontextmanager
async def _running(what: str) -> AsyncIterator[Process]:
    """A press that is at work while the block runs; whatever happens, it does not outlive it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.documents", what),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=_ROOT,
        env=_ENVIRONMENT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _feed(process: Process, line: object) -> None:
    assert process.stdin is not None
    process.stdin.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    await process.stdin.drain()


def _not_printed() -> NotPrinted:
    return NotPrinted("打印未能完成，请稍后重试", "printing did not finish; try again")
