"""What one worker reads of itself around its work. Made and used by the worker's own thread."""

from capsules cimport gate_of, meter_of
from cpython.pycapsule cimport PyCapsule_GetContext, PyCapsule_New, PyCapsule_SetContext
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from libc.stdint cimport int32_t, int64_t, uint64_t
from native cimport Gate, Meter, Passage, now_ns
from tour cimport MOST_PROCESSORS, read_processors


cdef void dispose(object capsule) noexcept:
    cdef PyObject* gate = <PyObject*>PyCapsule_GetContext(capsule)
    del_meter(meter_of(capsule))
    if gate is not NULL:
        Py_DECREF(<object>gate)


cdef extern from *:
    """
    #include <new>
    static gilbench::Meter* new_meter(
        gilbench::Gate* gate, int64_t window_ns, int64_t grain_ns, const int32_t* stops,
        size_t stop_count, int64_t stay_ns) noexcept {
        return new (std::nothrow)
            gilbench::Meter(gate, window_ns, grain_ns, stops, stop_count, stay_ns);
    }
    static void del_meter(gilbench::Meter* meter) noexcept { delete meter; }
    """
    Meter* new_meter(
        Gate* gate, int64_t window_ns, int64_t grain_ns, const int32_t* stops,
        size_t stop_count, int64_t stay_ns,
    ) noexcept
    void del_meter(Meter* meter) noexcept


def create(
    gate, int64_t window_ns, int64_t grain_ns, tuple processors=(), int64_t stay_ns=0,
):
    cdef int32_t stops[MOST_PROCESSORS]
    cdef size_t stop_count = read_processors(processors, stops)
    cdef Meter* made = new_meter(
        gate_of(gate), window_ns, grain_ns, stops, stop_count, stay_ns,
    )
    if made is NULL:
        raise MemoryError()
    capsule = PyCapsule_New(made, "gilbench.meter", dispose)
    # The meter points into the gate: it keeps it alive.
    PyCapsule_SetContext(capsule, <void*>gate)
    Py_INCREF(gate)
    return capsule


def start(meter, int64_t timeout_ns):
    cdef Meter* inner = meter_of(meter)
    cdef Passage passage
    with nogil:
        passage = inner.start(timeout_ns)
    if inner.displaced():
        raise RuntimeError("the system did not keep this thread on its processor")
    if passage == Passage.aborted:
        raise InterruptedError("the sample was called off")
    if passage == Passage.timed_out:
        raise TimeoutError("the other workers did not come to the gate")


def lap(meter, uint64_t done):
    return meter_of(meter).lap(done)


def finish(meter):
    cdef Meter* inner = meter_of(meter)
    inner.close(now_ns())
    if inner.aborted():
        raise InterruptedError("the sample was called off")
    return (
        inner.units,
        inner.calls,
        inner.seen_ns - inner.opened_ns,
        inner.wall_ns,
        None if inner.cpu_ns < 0 else inner.cpu_ns,
        None if inner.queue_ns < 0 else inner.queue_ns,
        inner.gil_wait_ns(),
        inner.gil_wait_is_bound(),
        inner.longest_wait_ns,
    )
