"""gilknocker, which asks for the GIL now and then and looks how long it takes to get it."""

from __future__ import annotations

import importlib

KNOCK_US = 1_000


class Knocker:
    """gilknocker's metric."""

    def __init__(self) -> None:
        self._knocker = importlib.import_module("gilknocker").KnockKnock(KNOCK_US)
        self._knocker.start()

    def stop(self) -> float:
        """Return the metric."""
        told = float(self._knocker.contention_metric)
        self._knocker.stop()
        return told
