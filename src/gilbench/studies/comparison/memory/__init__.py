"""`memory`: what workers cost, what they share, and whether it is one memory."""

from gilbench.studies.comparison.memory.row import MEMORY

__all__ = ["MEMORY"]
