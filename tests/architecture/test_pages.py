"""What the pages for people name is there: other pages, files, targets of make, commands."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec

import pytest
import typer.main
from typer.core import TyperGroup

from shared.cli.main import build
from tests.architecture.sources import ROOT, SERVICES, tracked

Pages = dict[str, str]

LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FILE = re.compile(r"`((?:deploy|docs|services|shared|tests)/[\w./*-]*)`")
TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)
MODULE = re.compile(r"python -m ((?:deploy|shared|tests)[\w.]*)")
COMMAND = re.compile(r"python -m services\.([a-z]+|<name>) ([a-z-]+)(?: ([a-z-]+))?")


def pages() -> Pages:
    """Every page of the project, by its path."""
    return {name: text for name, text in tracked() if name.endswith(".md")}


def links(name: str, text: str) -> Iterator[str]:
    """Where a page links to inside the project, as paths from its root."""
    for target in LINK.findall(text):
        if "://" not in target:
            yield str((ROOT / name).parent.joinpath(target).resolve().relative_to(ROOT))


def unreachable(found: Pages, start: str = "README.md") -> list[str]:
    """Pages that nobody comes to who begins at `start`."""
    seen, left = {start}, [start]
    while left:
        name = left.pop()
        new = {each for each in links(name, found[name]) if each in found} - seen
        seen |= new
        left += new
    return sorted(found.keys() - seen)


def missing(name: str, text: str) -> list[str]:
    """What a page names and nobody has: files, targets of make, modules, commands."""
    absent = [link for link in links(name, text) if not (ROOT / link).exists()]
    absent += [file for file in FILE.findall(text) if not _is_there(file)]
    absent += [f"make {each}" for each in TARGET.findall(text) if each not in _targets()]
    absent += [module for module in MODULE.findall(text) if find_spec(module) is None]
    for service, command, further in COMMAND.findall(text):
        if not _is_command(service, command, further):
            absent.append(f"services.{service} {command} {further}".strip())
    return [f"{name}: {each}" for each in absent]


def _is_there(file: str) -> bool:
    return (ROOT / file).exists() or any(ROOT.glob(file.rstrip("/")))


@cache
def _targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@cache
def _commands(service: str) -> TyperGroup:
    wiring = importlib.import_module(f"services.{service}.app")
    group = typer.main.get_command(build(wiring.SERVICE))
    assert isinstance(group, TyperGroup)
    return group


def _is_command(service: str, command: str, further: str) -> bool:
    names = SERVICES if service == "<name>" else {service} & {*SERVICES}
    if not names:
        return False
    found = [_commands(name).commands.get(command) for name in names]
    if any(each is None for each in found):
        return False
    groups = [each for each in found if isinstance(each, TyperGroup)]
    return not further or all(further in group.commands for group in groups)


def test_everything_that_a_page_names_is_there() -> None:
    assert [line for name, text in pages().items() for line in missing(name, text)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    assert unreachable(pages()) == []


def test_a_page_that_nobody_links_to_is_caught() -> None:
    found = {"README.md": "[one](docs/one.md)", "docs/one.md": "", "docs/two.md": ""}
    assert unreachable(found) == ["docs/two.md"]


@pytest.mark.parametrize(
    "text",
    [
        "[gone](docs/gone.md)",
        "`services/billing/gone.py`",
        "`make tea`",
        "python -m shared.gone",
        "python -m services.billing gone",
        "python -m services.billing dead-letters gone",
        "python -m services.gone api",
    ],
)
def test_what_is_not_there_is_caught(text: str) -> None:
    assert len(missing("README.md", text)) == 1
