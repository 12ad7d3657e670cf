"""How far a call has come, told by the thread that makes it to one that asks."""

from capsules cimport progress_of
from cpython.pycapsule cimport PyCapsule_New
from native cimport Progress

cdef extern from *:
    """
    #include <new>
    static gilbench::Progress* new_progress() noexcept { return new (std::nothrow) gilbench::Progress; }
    static void del_progress(gilbench::Progress* progress) noexcept { delete progress; }
    """
    Progress* new_progress() noexcept
    void del_progress(Progress* progress) noexcept


cdef void dispose(object capsule) noexcept:
    del_progress(progress_of(capsule))


def create():
    cdef Progress* made = new_progress()
    if made is NULL:
        raise MemoryError()
    return PyCapsule_New(made, "gilbench.progress", dispose)


def call(progress, function):
    cdef Progress* inner = progress_of(progress)
    inner.enter()
    try:
        return function()
    finally:
        inner.leave()


def come(progress):
    return progress_of(progress).come()


def least(progress):
    return progress_of(progress).least()
