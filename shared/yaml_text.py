"""YAML as people mean it: `on`, `no` and `12:30` are text, only true and false are truth values."""

from __future__ import annotations

import re
from typing import Any

import yaml

YAMLError = yaml.YAMLError


class _Loader(yaml.SafeLoader):
    pass


_RESOLVERS = {
    "tag:yaml.org,2002:bool": (re.compile(r"true|false|True|False"), "tTfF"),
    "tag:yaml.org,2002:int": (re.compile(r"[-+]?(?:0|[1-9][0-9]*)"), "-+0123456789"),
    "tag:yaml.org,2002:float": (
        re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"),
        "-+.0123456789",
    ),
    "tag:yaml.org,2002:null": (re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    "tag:yaml.org,2002:timestamp": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "0123456789"),
    "tag:yaml.org,2002:merge": (re.compile(r"<<"), "<"),
}
_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _RESOLVERS.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern.pattern})$"), list(_first))


def read_yaml(text: str) -> Any:
    """The document in `text`. Dates are dates, other moments are text. Raises YAMLError."""
    return yaml.load(text, Loader=_Loader)
