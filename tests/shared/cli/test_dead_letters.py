"""dead-letters list, show, replay and discard, as an operator types them."""

from __future__ import annotations

import asyncio

import pytest
import typer
from typer.testing import CliRunner, Result

from shared.cli.main import build
from shared.contracts.envelope import Event
from shared.messaging.cloudevents import Fact
from shared.service import Service, runtime
from shared.settings import Settings
from shared.work import Work
from tests.support.messages import observed
from tests.support.toy import Toy

BAD = frozenset({"C-1", "C-2", "C-3"})


class Desk:
    """A service that failed on `failing`, and a command line before it."""

    def __init__(self, settings: Settings) -> None:
        self.failing: frozenset[str | None] = BAD
        self._settings = settings
        self.service: Service = Toy(self._interfere).service()
        self._app: typer.Typer = build(self.service)

    def _interfere(self, work: Work, fact: Fact[Event]) -> None:
        if fact.ref in self.failing:
            raise ZeroDivisionError

    def type(self, *words: str) -> Result:
        """What the command answers."""
        environment = {
            "DATABASE_URL": self._settings.database_url,
            "NATS_URL": self._settings.nats_url,
            "NATS_PASSWORD": self._settings.nats_password.get_secret_value(),
            "DATA_KEYS": self._settings.data_keys.get_secret_value(),
        }
        return CliRunner(env=environment).invoke(self._app, ["dead-letters", *words])

    async def receive(self) -> None:
        """Fail on every bad fact, so that each becomes a letter."""
        async with runtime(self.service, self._settings, "tests") as process:
            for code in sorted(BAD):
                await process.receiver.receive_one(observed(code), give_up=True)

    def letters(self) -> list[str]:
        """The ids of the open letters, oldest first."""
        lines = self.type("list").output.splitlines()
        return [line.split()[0] for line in lines if "handler-failed" in line]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A service with three letters."""
    made = Desk(settings)
    asyncio.run(made.receive())
    return made


def test_a_list_says_what_could_not_be_taken_and_why_in_both_languages(desk: Desk) -> None:
    shown = desk.type("list").output
    assert [f"{code}  handler-failed" in shown for code in sorted(BAD)] == [True] * 3
    assert "处理失败" in shown and "The handler failed" in shown
    assert desk.type("list", "--state", "discarded").output == ""


def test_one_letter_that_fails_again_does_not_hold_up_the_others_of_its_kind(desk: Desk) -> None:
    desk.failing = frozenset({"C-2"})
    done = desk.type("replay", "--code", "handler-failed", "--by", "GD-001")
    assert done.exit_code == 1
    assert done.stdout.count(": taken") == 2
    assert "程序处理此事实时出错" in done.stderr and "our code failed on this fact" in done.stderr
    assert len(desk.letters()) == 1
    desk.failing = frozenset()
    again = desk.type("replay", *desk.letters(), "--by", "GD-001")
    assert (again.exit_code, desk.letters()) == (0, [])


def test_a_letter_is_shown_with_its_message_and_discarded_for_a_reason(desk: Desk) -> None:
    first = desk.letters()[0]
    assert "远洋贸易" in desk.type("show", first, "--by", "GD-001").output
    assert desk.type("discard", first).exit_code == 2
    assert "理由" in desk.type("discard", first, "--reason", "  ").output
    assert desk.type("discard", first, "--reason", "测试", "--by", "GD-001").exit_code == 0
    again = desk.type("discard", first, "--reason", "测试", "--by", "GD-001")
    assert again.exit_code == 1 and "已处理" in again.output
    assert "测试" not in desk.type("list").output
