"""A number that several add to at once, and lose nothing: an atomic in memory that is handed over.

Threads share that memory, processes and subinterpreters map it.
"""

from borrowed cimport borrow
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t


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


def on(memory):
    return borrow(memory, "gilbench.counter", "a counter", sizeof(Counter), sizeof(Counter))


def add(counter, int64_t count):
    counter_of(counter).fetch_add(count)


def total(counter):
    return counter_of(counter).load()
