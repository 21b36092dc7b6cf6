"""What is over its size is reported."""

from __future__ import annotations

from tests.architecture.sizes import large_functions, large_modules
from tests.architecture.sources import Source


def test_a_large_module_is_reported() -> None:
    small, large = Source("small.py", "x\n" * 250), Source("large.py", "x\n" * 251)
    assert large_modules([small, large]) == ["large.py: 251 lines"]


def test_a_handler_is_expected_to_be_shorter_than_other_functions() -> None:
    function = "def handle():\n" + "    x\n" * 30
    assert large_functions([Source("services/billing/domain/deposits.py", function)]) == []
    assert large_functions([Source("services/billing/handlers/take.py", function)]) == [
        "services/billing/handlers/take.py:1 handle: 31 lines"
    ]
