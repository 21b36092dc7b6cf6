"""Answers as a person reads them: a printed form and a workbook are text, too."""

from __future__ import annotations

import zipfile
from io import BytesIO

import httpx
from pypdf import PdfReader


def read(answer: httpx.Response) -> str:
    """Everything that the answer says, whatever it is written in."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(BytesIO(answer.content)) as workbook:
            return "\n".join(workbook.read(name).decode() for name in workbook.namelist())
    return answer.text
