"""Whether to sync a file was to wait for a disk here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Unit, Way
from gilbench.studies.comparison.io_bound.kinds import SYNC, WRITE
from gilbench.studies.comparison.io_bound.paces import Work
from gilbench.studies.comparison.io_bound.verdicts import at_least
from gilbench.studies.comparison.io_bound.words import told

if TYPE_CHECKING:
    from gilbench.studies.comparison.io_bound.paces import Paces

__all__ = ["why_no_waiting"]

# On a disk, to write and sync 4 KiB was seen to take 60 to 100 times what a write of 64 KiB to the
# cache does. In memory (tmpfs), where to sync does nothing, it took a third of that.
_CLEARLY: Final = 2.0


def why_no_waiting(paces: Paces) -> str | None:
    """Return why syncs of a file are taken for no waiting; null where they are, or there were none.

    They are where one thread's takes clearly longer than its write to the cache.
    """
    sync, write = (paces.usual(Way.THREAD, Work(kind=kind, workers=1)) for kind in (SYNC, WRITE))
    if sync is None:
        return None
    if write is None:
        return "no write to the cache was measured beside them"
    if at_least(sync, write, _CLEARLY):
        return None
    took = (told(sync, Unit.NANOSECONDS), told(write, Unit.NANOSECONDS))
    return f"one took {took[0]}, a write to the cache {took[1]}, so that nothing was waited for"
