"""The press itself: `python -m shared.documents pdf | xlsx | rows`, from stdin to stdout."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
from pathlib import Path


def main(what: str) -> None:
    """Print what stands on stdin; the heavy libraries are loaded here and nowhere else."""
    if what == "pdf":
        pdf = importlib.import_module("shared.documents.pdf")
        sys.stdout.buffer.write(pdf.render(json.load(sys.stdin.buffer)))
        return
    workbook = importlib.import_module("shared.documents.workbook")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        if what == "rows":
            workbook.write_rows(path, sys.stdin.buffer)
        else:
            workbook.write_form(path, json.load(sys.stdin.buffer))
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1])
