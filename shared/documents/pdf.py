"""A form as PDF, by Typst: the template is ours, everything that it prints is data."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

_TEMPLATE = Path(__file__).with_name("form.typ")


def render(form: dict[str, Any]) -> bytes:
    """The PDF of a form in the press's form; the same form gives the same bytes.

    Only the two Chinese fonts of `pylopdf-fonts-zh-cn` are used, whatever the machine has.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_zh_cn.sans_path().parent],
    )
    printed = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=fonts,
        sys_inputs={"form": json.dumps(form, ensure_ascii=False)},
        timestamp=datetime.fromisoformat(form["at"]),
    )
    assert isinstance(printed, bytes), "one document without an output path is bytes"
    return printed
