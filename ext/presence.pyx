"""Where the caller of a function notes that a call is running, for those who watch it."""

from native cimport Presence
from owned cimport new_owned


def create():
    return new_owned[Presence]("gilbench.presence")
