"""`io-bound`: what waiting for files, servers and databases is best done with."""

from gilbench.studies.comparison.io_bound.row import IO_BOUND

__all__ = ["IO_BOUND"]
