"""Trials for `races`: two workers update one total, and what is missing at the end was lost."""

from gilbench.trials.races.trial import perform

__all__ = ["perform"]
