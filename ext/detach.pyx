"""What detaching and attaching again costs an otherwise idle thread: ours beside the bare C API."""

from libc.stdint cimport int64_t
from native cimport now_ns

cdef extern from "Python.h":
    ctypedef struct PyThreadState:
        pass
    PyThreadState* PyEval_SaveThread() nogil
    void PyEval_RestoreThread(PyThreadState* state) nogil


def by_kernel(int64_t times):
    cdef int64_t start = now_ns()
    cdef int64_t time
    for time in range(times):
        with nogil:
            pass
    return now_ns() - start


def by_c_api(int64_t times):
    cdef int64_t start = now_ns()
    cdef int64_t time
    for time in range(times):
        PyEval_RestoreThread(PyEval_SaveThread())
    return now_ns() - start
