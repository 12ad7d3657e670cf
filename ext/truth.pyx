"""Calls that burn, with a known held share: controls, and the truth that instruments are held to."""

from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t
from native cimport Tally, held_of_switch, now_ns, spin_until
from owned cimport new_owned

cdef extern from "Python.h":
    ctypedef struct PyThreadState:
        pass
    PyThreadState* PyEval_SaveThread() nogil
    void PyEval_RestoreThread(PyThreadState* state) nogil


cdef inline Tally* tally_of(object capsule) except NULL:
    return <Tally*>PyCapsule_GetPointer(capsule, "gilbench.truth")


def create():
    return new_owned[Tally]("gilbench.truth")


# Positional arguments only: the names of others would be looked up in the state of the module, at
# each call, by a counter that all interpreters share.
def burn(truth, int64_t hold_ns, int64_t release_ns, int64_t cycles, /):
    cdef Tally* inner = tally_of(truth)
    cdef int64_t held_ns = 0
    cdef int64_t released_ns = 0
    cdef int64_t attached_ns, held_until_ns, detached_ns, spun_until_ns, still_held_ns, cycle
    cdef PyThreadState* state
    if hold_ns < 0 or release_ns < 0 or cycles < 0:
        raise ValueError("durations and cycles cannot be negative")
    attached_ns = now_ns()
    for cycle in range(cycles):
        held_until_ns = spin_until(attached_ns + hold_ns)
        held_ns += held_until_ns - attached_ns
        attached_ns = held_until_ns
        if release_ns == 0:
            continue
        # Nothing below may touch an object until the thread is attached again.
        state = PyEval_SaveThread()
        detached_ns = now_ns()
        spun_until_ns = spin_until(detached_ns + release_ns)
        PyEval_RestoreThread(state)
        attached_ns = now_ns()
        still_held_ns = held_of_switch(detached_ns - held_until_ns)
        still_held_ns += held_of_switch(attached_ns - spun_until_ns)
        held_ns += still_held_ns
        released_ns += attached_ns - held_until_ns - still_held_ns
    inner.add(held_ns, released_ns)


def tally(truth):
    cdef Tally* inner = tally_of(truth)
    return inner.held_ns(), inner.released_ns()


def reset(truth):
    tally_of(truth).reset()
