"""What a file has said so far is found again, and stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.importing.seen import Seen


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 2**63))))
def test_the_first_line_of_a_text_is_told_to_all_later_ones(said: list[tuple[str, int]]) -> None:
    seen, known = Seen(), dict[str, tuple[int, int]]()
    for line, (text, mark) in enumerate(said):
        assert (text in seen) == (text in known)
        assert seen.first(text, line, mark) == known.get(text)
        known.setdefault(text, (line, mark))


def test_a_hundred_thousand_texts_are_kept_apart() -> None:
    seen = Seen()
    assert all(seen.first(f"K-{n}", n) is None for n in range(100_000))
    assert all(seen.first(f"K-{n}", 0) == (n, 0) for n in range(0, 100_000, 997))
    assert "K-100000" not in seen
