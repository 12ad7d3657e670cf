"""`communication`: how long data takes from worker to worker, by kind of channel and payload."""

from gilbench.studies.comparison.communication.row import COMMUNICATION

__all__ = ["COMMUNICATION"]
