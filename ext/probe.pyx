"""Asks for the GIL now and then; stamps when it asked, when it got it, and where others were then.

To be called on a thread of Python's own. It works on every version: nothing of the interpreter's
inside is read. On a free-threaded build with the GIL off it gets what it asks for at once.
"""

from capsules cimport progress_of
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t, uint64_t
from native cimport Bell, Come, Pauses, Progress, now_ns
from owned cimport new_owned

cdef extern from "Python.h":
    ctypedef struct PyThreadState:
        pass
    PyThreadState* PyEval_SaveThread() nogil
    void PyEval_RestoreThread(PyThreadState* state) nogil

cdef struct Answer:
    int64_t asked_ns
    int64_t got_ns
    int64_t come_ns
    int64_t call


cdef inline Bell* bell_of(object capsule) except NULL:
    return <Bell*>PyCapsule_GetPointer(capsule, "gilbench.bell")


def bell():
    return new_owned[Bell]("gilbench.bell")


def ring(bell):
    bell_of(bell).ring()


cdef Answer* room_for(int64_t most, int64_t pause_ns) except NULL:
    if most < 1 or pause_ns < 0:
        raise ValueError("there must be room for an answer, and pauses cannot be negative")
    cdef Answer* answers = <Answer*>PyMem_RawCalloc(most, sizeof(Answer))
    if answers is NULL:
        raise MemoryError()
    return answers


cdef list taken_out(Answer* answers, int64_t count):
    cdef int64_t at
    try:
        return [
            (answers[at].asked_ns, answers[at].got_ns, answers[at].come_ns, answers[at].call)
            for at in range(count)
        ]
    finally:
        PyMem_RawFree(answers)


def ask(stop, int64_t pause_ns, uint64_t seed, int64_t most, progress=None):
    cdef Bell* ringer = bell_of(stop)
    cdef Progress* told = NULL
    cdef Answer* answers
    cdef Come come
    cdef Pauses pauses
    cdef int64_t count = 0
    cdef PyThreadState* state
    come.ns = come.call = -1
    if progress is not None:
        told = progress_of(progress)
    # Last of what may be refused: nobody would free it.
    answers = room_for(most, pause_ns)
    pauses.begin(pause_ns, seed)
    # Nothing below may touch an object until the thread is attached for good.
    state = PyEval_SaveThread()
    while count < most:
        pauses.take(ringer[0])
        if ringer.rung():
            break
        answers[count].asked_ns = now_ns()
        PyEval_RestoreThread(state)
        answers[count].got_ns = now_ns()
        # Before others can go on: whoever holds nothing has stopped where it is.
        if told is not NULL:
            come = told.come()
        answers[count].come_ns = come.ns
        answers[count].call = come.call
        state = PyEval_SaveThread()
        count += 1
    PyEval_RestoreThread(state)
    return taken_out(answers, count)
