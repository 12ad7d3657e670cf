"""The state sampler: how often a thread was found to hold the GIL while it was in a call.

It runs on a native thread of its own, which never touches Python.
"""

from capsules cimport layout_of, presence_of
from cpython.pycapsule cimport (
    PyCapsule_GetContext, PyCapsule_GetPointer, PyCapsule_New, PyCapsule_SetContext,
)
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from libc.stdint cimport int64_t, uint64_t, uintptr_t
from native cimport Layout, Presence, SampledBlock, Sampler, count_forks

cdef extern from "Python.h":
    ctypedef struct PyThreadState:
        pass
    PyThreadState* PyThreadState_Get()
    PyObject* PyThreadState_GetDict()

cdef extern from *:
    """
    #include <new>
    static gilbench::Sampler* new_sampler(
        const gilbench::Presence* presence, const gilbench::Layout* layout, const void* thread,
        int64_t period_ns, uint64_t seed) noexcept {
        return new (std::nothrow) gilbench::Sampler(*presence, *layout, thread, period_ns, seed);
    }
    """
    Sampler* new_sampler(
        const Presence* presence, const Layout* layout, const void* thread, int64_t period_ns,
        uint64_t seed,
    ) noexcept


cdef inline Sampler* sampler_of(object capsule) except NULL:
    return <Sampler*>PyCapsule_GetPointer(capsule, "gilbench.sampler")


cdef void dispose(object capsule) noexcept:
    cdef PyObject* presence = <PyObject*>PyCapsule_GetContext(capsule)
    sampler_of(capsule).let_go()
    if presence is not NULL:
        Py_DECREF(<object>presence)


cdef void end_with_thread(object capsule) noexcept:
    cdef Sampler* inner = <Sampler*>PyCapsule_GetPointer(capsule, "gilbench.watched")
    inner.count_switches()
    inner.let_go()


cdef inline object key_of(Sampler* sampler):
    return f"gilbench.sampler.{<uintptr_t>sampler}"


def start(presence, layout, int64_t period_ns, uint64_t seed):
    cdef Presence* present = presence_of(presence)
    cdef Layout* laid_out = layout_of(layout)
    cdef PyObject* thread_owns = PyThreadState_GetDict()
    cdef Sampler* made
    if not 0 < period_ns <= 3_600_000_000_000:
        raise ValueError("a sampler's period lasts between 1 ns and an hour")
    if thread_owns is NULL:
        raise MemoryError()
    made = new_sampler(present, laid_out, <void*>PyThreadState_Get(), period_ns, seed)
    if made is NULL:
        raise MemoryError()
    capsule = PyCapsule_New(made, "gilbench.sampler", dispose)
    # The sampler looks at the presence: it keeps it alive.
    PyCapsule_SetContext(capsule, <void*>presence)
    Py_INCREF(presence)
    # And at this thread, which it cannot keep alive: the thread stops it before it is no more.
    watched = PyCapsule_New(made, "gilbench.watched", end_with_thread)
    made.share()
    (<object>thread_owns)[key_of(made)] = watched
    cdef bint started
    with nogil:
        started = made.start()
    if not started:
        raise RuntimeError("the system refused to start the sampler's thread")
    return capsule


def stop(sampler):
    cdef Sampler* inner = sampler_of(sampler)
    cdef PyObject* thread_owns = PyThreadState_GetDict()
    cdef bint stopped
    inner.count_switches()
    with nogil:
        stopped = inner.stop()
    if not stopped:
        raise RuntimeError("the sampler is that of the process from which this one was forked")
    if thread_owns is not NULL:
        (<object>thread_owns).pop(key_of(inner), None)
    if inner.out_of_memory():
        raise MemoryError()
    cdef size_t block
    return [
        (
            inner.blocks()[block].calls,
            inner.blocks()[block].samples,
            inner.blocks()[block].held,
            inner.blocks()[block].detaches,
        )
        for block in range(inner.blocks().size())
    ], inner.switches()


count_forks()
