"""How far a call has come, told by the thread that makes it to one that asks."""

from capsules cimport progress_of
from native cimport Come, Progress
from owned cimport new_owned


def create():
    return new_owned[Progress]("gilbench.progress")


def call(progress, function):
    cdef Progress* inner = progress_of(progress)
    inner.enter()
    try:
        return function()
    finally:
        inner.leave()


def come(progress):
    cdef Come come = progress_of(progress).come()
    return come.ns, come.call


def took(progress):
    cdef Progress* inner = progress_of(progress)
    return [inner.took(call) for call in range(inner.ended())]
