"""Forms on paper and in a spreadsheet: one description, printed as PDF or as XLSX.

Who prints describes a `Form`; the `Press` makes the file of it in a process of its own, so that an
API neither waits for it nor keeps its memory. What is printed is data: no text of a customer is
ever read as markup or as a formula.
"""

from __future__ import annotations

from shared.documents.forms import (
    Column,
    Fields,
    Form,
    FormFormat,
    Notes,
    Printing,
    Signatures,
    Table,
    Value,
)
from shared.documents.press import FormTooLarge, NotPrinted, Press

__all__ = [
    "Column",
    "Fields",
    "Form",
    "FormFormat",
    "FormTooLarge",
    "NotPrinted",
    "Notes",
    "Press",
    "Printing",
    "Signatures",
    "Table",
    "Value",
]
