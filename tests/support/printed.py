"""Reading what was printed: the text of a PDF, the cells of a workbook."""

from __future__ import annotations

import io

import polars
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All text of a PDF, without blanks and line ends: they depend on the layout."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def cells_of(xlsx: bytes) -> list[str]:
    """Every cell of the sheet that is not empty, as text, row by row."""
    frame = polars.read_excel(xlsx, has_header=False, infer_schema_length=0)
    return [str(value) for row in frame.rows() for value in row if value]
