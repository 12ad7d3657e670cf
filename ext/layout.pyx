"""Where this interpreter keeps the state of its GIL: found anew each time, and tried."""

import sys

from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New

cdef extern from *:
    ctypedef struct PyThreadState:
        pass
    PyThreadState* PyThreadState_Get()
    const char* PY_VERSION

# Not by native.pxd: this module alone is C, since the interpreter's internal headers are.
cdef extern from "find_layout.h":
    ctypedef enum Route:
        thread_state
        internal_headers
        debug_offsets

    ctypedef struct Layout:
        Route route
        const char* gil
        const int* locked
        void* const* holder
        const unsigned long* switches
        ptrdiff_t state

    const char* find_layout(Layout* found, bint with_gil)
    bint shows_held(const Layout* layout, PyThreadState* thread)


cdef inline Layout* layout_of(object capsule) except NULL:
    return <Layout*>PyCapsule_GetPointer(capsule, "gilbench.layout")


cdef void dispose(object capsule) noexcept:
    PyMem_RawFree(layout_of(capsule))


def locate():
    # An import can turn the GIL of a free-threaded build on.
    is_gil_enabled = getattr(sys, "_is_gil_enabled", None)
    cdef bint with_gil = is_gil_enabled is None or is_gil_enabled()
    cdef Layout* found = <Layout*>PyMem_RawMalloc(sizeof(Layout))
    if found is NULL:
        raise MemoryError()
    capsule = PyCapsule_New(found, "gilbench.layout", dispose)
    cdef const char* reason = find_layout(found, with_gil)
    if reason is not NULL:
        raise LookupError(reason.decode())
    return capsule


def held(layout):
    return shows_held(layout_of(layout), PyThreadState_Get())


def describe(layout):
    cdef const Layout* found = layout_of(layout)
    told = {"headers": PY_VERSION.decode()}
    if found.gil is NULL:
        return told | {"route": "thread state", "state": found.state}
    return told | {
        "route": "debug offsets" if found.route == debug_offsets else "internal headers",
        "locked": <const char*>found.locked - found.gil,
        "holder": <const char*>found.holder - found.gil,
        "switches": (
            None if found.switches is NULL else <const char*>found.switches - found.gil
        ),
    }
