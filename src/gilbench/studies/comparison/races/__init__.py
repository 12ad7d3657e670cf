"""`races`: what is lost when several update one thing at once, and what safety costs."""

from gilbench.studies.comparison.races.row import RACES

__all__ = ["RACES"]
