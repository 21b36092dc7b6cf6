"""Generated documents say what the code says: contracts, events, AsyncAPI, topology, NATS users."""

from __future__ import annotations

import shutil
from pathlib import Path

from deploy import topology
from shared.contracts.publication import files
from tests.architecture.sources import ROOT


def test_the_contracts_are_published_as_they_are() -> None:
    assert files.not_additive(ROOT) == []
    assert files.stale(ROOT) == []


def test_topology_and_users_are_what_the_services_tables_say() -> None:
    assert topology.stale(ROOT) == []


def test_a_document_that_was_edited_by_hand_is_caught(tmp_path: Path) -> None:
    (tmp_path / files.TOPOLOGY).parent.mkdir(parents=True)
    shutil.copy(ROOT / files.TOPOLOGY, tmp_path / files.TOPOLOGY)
    files.write(tmp_path)
    assert files.stale(tmp_path) == []
    with (tmp_path / files.EVENTS_PAGE).open("a") as page:
        page.write("one more line\n")
    assert files.stale(tmp_path) == [tmp_path / files.EVENTS_PAGE]


def test_a_permission_that_was_added_by_hand_is_caught(tmp_path: Path) -> None:
    (tmp_path / "deploy/nats").mkdir(parents=True)
    shutil.copy(ROOT / topology.SYSTEMS, tmp_path / topology.SYSTEMS)
    for file, text in topology.documents(tmp_path).items():
        file.write_text(text)
    assert topology.stale(tmp_path) == []
    users = tmp_path / topology.USERS
    users.write_text(users.read_text().replace("publish: [", 'publish: ["enterprise.>", ', 1))
    assert topology.stale(tmp_path) == [users]


def test_no_password_stands_in_the_users_of_nats() -> None:
    lines = (ROOT / topology.USERS).read_text().splitlines()
    passwords = [line.split("password:")[1].strip() for line in lines if "password:" in line]
    assert passwords and all(each.startswith("$") for each in passwords)
