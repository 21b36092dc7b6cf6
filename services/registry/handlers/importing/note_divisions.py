"""A site's own knowledge of division codes: years, names and successors of retired ones (R-33)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator

from services.registry.domain.register.divisions import Correction
from services.registry.storage.register.divisions import correct
from shared.contracts.values import DivisionCode, Name
from shared.errors import Invalid, Refusal
from shared.importing import ImportedRow
from shared.work import Work

Year = Annotated[int, Field(ge=1949, le=2200)]


class YearsTheWrongWay(Invalid):
    """The last year comes before the first."""

    code = "years-the-wrong-way"
    rule = "R-33"
    title_zh = "起止年份颠倒"
    title_en = "Years the wrong way"


class DivisionRow(ImportedRow):
    """A code as the site knows it; `ref` is the code, with `from_year` when that is given.

    `until_year` is its last year in use; successors are separated by blanks or semicolons. A code
    with successors or `is_retired` is out of use, in whatever year the library's table says, else
    since a year that nobody knows.
    """

    code: DivisionCode
    name: Name
    from_year: Year | None = None
    until_year: Year | None = None
    is_retired: bool | None = None
    successors: tuple[DivisionCode, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _is_its_own_ref(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        if filled.get("ref") is None and "code" in filled:
            since = filled.get("from_year")
            filled["ref"] = f"{filled['code']}/{since}" if since else filled["code"]
        if isinstance(filled.get("successors"), list | tuple):
            filled["successors"] = [code for each in filled["successors"] for code in each.split()]
        return filled


async def handle(work: Work, rows: Sequence[DivisionRow]) -> dict[str, Refusal]:
    """Keep each row as the newest word on its code and first year; what was refused, by ref.

    The only refusal is YearsTheWrongWay.
    """
    refused = dict[str, Refusal]()
    corrections = []
    for row in rows:
        try:
            corrections.append(_correction(row))
        except Refusal as refusal:
            refused[row.ref] = refusal
    await correct(work, corrections)
    return refused


def _correction(row: DivisionRow) -> Correction:
    if row.from_year and row.until_year and row.until_year < row.from_year:
        raise YearsTheWrongWay(
            f"{row.from_year}-{row.until_year}",
            f"{row.from_year}-{row.until_year}",
            pointer="/until_year",
        )
    return Correction(
        *(row.code, row.name, row.from_year, row.until_year),
        is_retired=bool(row.successors) if row.is_retired is None else row.is_retired,
        successors=tuple(sorted({*row.successors} - {row.code})),
    )
