"""Python's collector of cycles, set for a process that serves for long.

What a process holds once it has started stays until it ends, and what a batch or a request makes
is freed as soon as nobody refers to it: looking through all of it every 700 objects, as Python
does by itself, took a third of a worker's time.
"""

from __future__ import annotations

import gc

_OBJECTS_BEFORE_A_LOOK = 100_000
"""More than a batch of 1,000 facts makes; cycles are still found, only later."""


def keep_what_is_loaded() -> None:
    """Leave what is there now out of all collections, and collect the rest more rarely.

    Called once, when everything is imported and wired, before the process begins to serve.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, 20, 20)
