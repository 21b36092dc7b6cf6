"""What is on file says what the classes say, or the command says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.__main__ import main
from shared.contracts.publication import files

REVENUE_POSTED = files.PUBLISHED / "dakehu.billing.revenue_posted.v1.json"
REVENUE_RECORDED = files.PUBLISHED / "enterprise.revenue_recorded.v1.json"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with everything freshly written; not to be changed."""
    root = tmp_path_factory.mktemp("published")
    files.write(root)
    return root


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Iterator[Path]:
    """A checkout of one's own, freshly written."""
    for file in published.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(published)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    yield tmp_path


def _edit(file: Path, **properties: Any) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    for name, field in properties.items():
        if field is None:
            del schema["properties"][name]
        else:
            schema["properties"][name] = field
    file.write_text(json.dumps(schema), encoding="utf-8")


def test_writing_makes_everything_fresh_and_a_second_time_changes_nothing(root: Path) -> None:
    assert files.stale(root) == []
    assert files.not_additive(root) == []
    assert files.write(root) == []
    assert main(["check", "--root", str(root)]) == 0


def test_a_missing_file_is_stale(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / files.EVENTS_PAGE).unlink()
    assert main(["check", "--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert "docs/events.md" in said
    assert "已过时" in said


def test_a_file_that_was_edited_by_hand_is_stale_and_written_anew(root: Path) -> None:
    page = root / files.ASYNCAPI
    page.write_text("{}", encoding="utf-8")
    assert files.stale(root) == [page]
    assert main(["write", "--root", str(root)]) == 0
    assert files.stale(root) == []


def test_a_class_that_gained_an_optional_field_is_written(root: Path) -> None:
    _edit(root / REVENUE_RECORDED, reverses=None)
    assert main(["check", "--root", str(root)]) == 1
    assert main(["write", "--root", str(root)]) == 0
    assert main(["check", "--root", str(root)]) == 0


@pytest.mark.parametrize("action", ["write", "check"])
def test_a_class_that_lost_a_field_is_refused_and_nothing_is_written(
    root: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / REVENUE_POSTED
    _edit(file, planted={"type": "string"})
    before = file.read_text(encoding="utf-8")
    assert main([action, "--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert "dakehu.billing.revenue_posted.v1 /planted" in said
    assert "字段被删除" in said
    assert "the field was removed" in said
    assert file.read_text(encoding="utf-8") == before


def test_a_class_whose_limit_became_tighter_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(root / REVENUE_RECORDED, business_line={"type": "string"})
    assert main(["write", "--root", str(root)]) == 1
    assert "enterprise.revenue_recorded.v1 /business_line" in capsys.readouterr().err


def test_an_event_whose_class_is_gone_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / files.PUBLISHED / "dakehu.billing.forgotten.v1.json").write_text("{}", encoding="utf-8")
    assert main(["write", "--root", str(root)]) == 1
    assert "dakehu.billing.forgotten.v1" in capsys.readouterr().err


def test_consumers_are_read_from_the_topology() -> None:
    topology = {
        "durables": {
            "billing": {"ENTERPRISE": ["enterprise.*.revenue_recorded.v1"]},
            "tiering": {"DAKEHU": ["dakehu.billing.revenue_posted.v1"]},
            "registry": {"DAKEHU": ["dakehu.billing.revenue_posted.v1"]},
            "gateway": {"DAKEHU": ["dakehu.billing.revenue_posted.v1"]},
        }
    }
    assert files.consumers_of(topology) == {
        "dakehu.billing.revenue_posted.v1": ["registry", "tiering", "gateway"],
        "enterprise.revenue_recorded.v1": ["billing"],
    }


def test_without_a_topology_nobody_is_named_as_a_consumer(root: Path) -> None:
    assert files.consumers_of({}) == {}
    assert "taken by: nobody yet" in (root / files.EVENTS_PAGE).read_text(encoding="utf-8")


def test_a_topology_that_names_a_consumer_makes_the_page_stale(root: Path) -> None:
    topology = root / files.TOPOLOGY
    topology.parent.mkdir(parents=True)
    topology.write_text(
        "durables: {tiering: {DAKEHU: [dakehu.billing.revenue_posted.v1]}}", encoding="utf-8"
    )
    assert set(files.stale(root)) == {root / files.EVENTS_PAGE, root / files.ASYNCAPI}
