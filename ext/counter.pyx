"""A number that several add to at once, and lose nothing: an atomic in memory that is handed over.

Threads share that memory, processes and subinterpreters map it.
"""

from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport (
    PyCapsule_GetContext, PyCapsule_GetPointer, PyCapsule_New, PyCapsule_SetContext,
)
from libc.stdint cimport int64_t, uintptr_t


cdef extern from *:
    """
    #include <atomic>
    #include <cstdint>
    using Counter = std::atomic<std::int64_t>;
    // Else it would have a lock of its own, in one process only.
    static_assert(Counter::is_always_lock_free && sizeof(Counter) == sizeof(std::int64_t));
    """
    cdef cppclass Counter:
        int64_t fetch_add(int64_t count) noexcept
        int64_t load() noexcept


cdef inline Counter* counter_of(object capsule) except NULL:
    return <Counter*>PyCapsule_GetPointer(capsule, "gilbench.counter")


cdef void let_go(object capsule) noexcept:
    cdef Py_buffer* view = <Py_buffer*>PyCapsule_GetContext(capsule)
    PyBuffer_Release(view)
    PyMem_RawFree(view)


def on(memory):
    cdef Py_buffer* view = <Py_buffer*>PyMem_RawMalloc(sizeof(Py_buffer))
    if view is NULL:
        raise MemoryError()
    try:
        PyObject_GetBuffer(memory, view, PyBUF_WRITABLE)
    except BaseException:
        PyMem_RawFree(view)
        raise
    if <size_t>view.len < sizeof(Counter) or <uintptr_t>view.buf % sizeof(Counter) != 0:
        PyBuffer_Release(view)
        PyMem_RawFree(view)
        raise ValueError(
            f"a counter needs {sizeof(Counter)} bytes of memory, aligned to {sizeof(Counter)}"
        )
    capsule = PyCapsule_New(view.buf, "gilbench.counter", let_go)
    PyCapsule_SetContext(capsule, view)
    return capsule


def add(counter, int64_t count):
    counter_of(counter).fetch_add(count)


def total(counter):
    return counter_of(counter).load()
