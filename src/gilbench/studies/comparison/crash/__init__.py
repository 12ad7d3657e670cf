"""`crash`: what one worker's failure takes along, in a thread, in a process, and in their pools."""

from gilbench.studies.comparison.crash.row import CRASH

__all__ = ["CRASH"]
