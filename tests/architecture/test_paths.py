"""No file of the project knows the machine that it was written on."""

from __future__ import annotations

import pytest

from tests.architecture.sources import tracked

# Split, so that this file does not contain what it looks for.
HOMES = ("/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", ":\\Us" + "ers\\")
NOT_OURS = ("LICENSE",)


def machine_paths(name: str, text: str) -> list[str]:
    """Lines of a file with a path that only one machine has."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        if any(home in line for home in HOMES)
    ]


def test_no_file_names_a_path_of_a_machine() -> None:
    files = [(name, text) for name, text in tracked() if name not in NOT_OURS]
    assert [line for name, text in files for line in machine_paths(name, text)] == []


@pytest.mark.parametrize("home", HOMES)
def test_a_path_of_a_machine_is_caught(home: str) -> None:
    assert len(machine_paths("x.py", f'DATA = "{home}li/dakehu"')) == 1
