"""Faults that are brought about for real, and what must be true afterwards."""

import pytest

pytest.register_assert_rewrite("tests.faults.verdicts")
