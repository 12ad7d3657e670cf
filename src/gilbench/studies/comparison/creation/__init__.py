"""`creation`: what it takes to start workers, to be done with them, and to keep them."""

from gilbench.studies.comparison.creation.row import CREATION

__all__ = ["CREATION"]
