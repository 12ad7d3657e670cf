"""The heartbeat: how late a Python thread wakes up tells how long others hold."""

from __future__ import annotations

import threading
import time

BEAT_S = 0.001


class Heartbeat:
    """A thread that sleeps and wakes up late."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._late_s = self._all_s = 0.0
        self._idle = self._beat(0.2)
        self._late_s = self._all_s = 0.0
        self._thread = threading.Thread(target=self._beat, args=(float("inf"),))
        self._thread.start()

    def _beat(self, seconds: float) -> float:
        while self._all_s < seconds and not self._stopped.is_set():
            began = time.perf_counter()
            time.sleep(BEAT_S)
            took = time.perf_counter() - began
            self._late_s += max(0.0, took - BEAT_S)
            self._all_s += took
        return self._late_s / self._all_s

    def stop(self) -> float:
        """Return the share of the time that it was late."""
        self._stopped.set()
        self._thread.join()
        return max(0.0, self._late_s / self._all_s - self._idle)
