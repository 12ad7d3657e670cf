"""Calls a function again and again, natively: no bytecode runs between two calls, no signal is
looked for and nothing lets go of the GIL, so that calls which hold it look like one long hold.
"""

import functools

from capsules cimport presence_of
from cpython.ref cimport Py_DECREF, PyObject
from libc.stdint cimport int64_t, uint64_t
from native cimport Presence, count_forks, forks, now_ns

cdef extern from "Python.h":
    PyObject* PyObject_CallNoArgs(object function)

cdef extern from "<cstdlib>" namespace "std" nogil:
    void _Exit(int status)

cdef struct Calls:
    int64_t made
    int64_t inside_ns
    int64_t longest_ns
    int64_t began_ns
    int64_t ended_ns


cdef int call(
    object function, Presence* presence, int64_t most, int64_t span_ns, Calls* calls, list each,
) except -1:
    cdef int64_t start_ns, end_ns, took_ns
    cdef uint64_t forks_before = forks()
    cdef PyObject* result
    calls[0] = Calls(0, 0, 0, 0, 0)
    while True:
        start_ns = now_ns()
        if presence is not NULL:
            presence.enter()
        result = PyObject_CallNoArgs(function)
        if presence is not NULL:
            presence.leave()
        end_ns = now_ns()
        if forks() != forks_before:
            # A child of the function's has come back from the call. What follows is its parent's.
            _Exit(0)
        if result is NULL:
            return -1
        took_ns = end_ns - start_ns
        if calls.made == 0:
            calls.began_ns = start_ns
        calls.made += 1
        calls.inside_ns += took_ns
        if took_ns > calls.longest_ns:
            calls.longest_ns = took_ns
        Py_DECREF(<object>result)
        if each is not None:
            each.append(took_ns)
        if calls.made == most or (span_ns > 0 and end_ns - calls.began_ns >= span_ns):
            calls.ended_ns = end_ns
            return 0


cdef int check(int64_t calls, int64_t span_ns) except -1:
    if calls < 0 or span_ns < 0 or (calls == 0 and span_ns == 0):
        raise ValueError("a number of calls or a span must bound the calls")
    return 0


cdef object stage_of(object function):
    """What runs something from a Python frame of the function's own, or None."""
    if isinstance(function, functools.partial):
        return function.__dict__.get("__gilbench_stage__")
    return None


def repeat_here(function, presence, int64_t calls, int64_t span_ns):
    cdef Calls made
    cdef Presence* told = NULL
    check(calls, span_ns)
    if presence is not None:
        told = presence_of(presence)
    call(function, told, calls, span_ns, &made, None)
    return made.made, made.inside_ns, made.longest_ns, made.began_ns, made.ended_ns


def durations_here(function, int64_t calls, int64_t span_ns):
    cdef Calls made
    cdef list each = []
    check(calls, span_ns)
    call(function, NULL, calls, span_ns, &made, each)
    return each


def repeat(function, presence, int64_t calls, int64_t span_ns):
    stage = stage_of(function)
    if stage is None:
        return repeat_here(function, presence, calls, span_ns)
    return stage(repeat_here, function, presence, calls, span_ns)


def durations(function, int64_t calls, int64_t span_ns):
    stage = stage_of(function)
    if stage is None:
        return durations_here(function, calls, span_ns)
    return stage(durations_here, function, calls, span_ns)


count_forks()
