"""Where the caller of a function notes that a call is running, for those who watch it."""

from capsules cimport presence_of
from cpython.pycapsule cimport PyCapsule_New
from native cimport Presence

cdef extern from *:
    """
    #include <new>
    static gilbench::Presence* new_presence() noexcept { return new (std::nothrow) gilbench::Presence; }
    static void del_presence(gilbench::Presence* presence) noexcept { delete presence; }
    """
    Presence* new_presence() noexcept
    void del_presence(Presence* presence) noexcept


cdef void dispose(object capsule) noexcept:
    del_presence(presence_of(capsule))


def create():
    cdef Presence* made = new_presence()
    if made is NULL:
        raise MemoryError()
    return PyCapsule_New(made, "gilbench.presence", dispose)
