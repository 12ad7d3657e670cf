"""The hardware's ceiling: native threads that run a kernel and never touch Python."""

from capsules cimport kernel_of
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New
from libc.stdint cimport int64_t, uint32_t, uint64_t
from native cimport CrewOutcome, Kernel, NativeReading, States, run_crew

cdef extern from *:
    """
    #include <new>
    static gilbench::States* new_states(const gilbench::Kernel& kernel, uint64_t bytes) noexcept {
        return new (std::nothrow) gilbench::States(kernel, bytes);
    }
    static void del_states(gilbench::States* states) noexcept { delete states; }
    """
    States* new_states(const Kernel& kernel, uint64_t bytes) noexcept
    void del_states(States* states) noexcept


cdef States* states_of(object capsule) except NULL:
    return <States*>PyCapsule_GetPointer(capsule, "gilbench.states")


cdef void dispose(object capsule) noexcept:
    del_states(states_of(capsule))


def create(kernel, uint64_t bytes):
    cdef States* made = new_states(kernel_of(kernel)[0], bytes)
    if made is NULL:
        raise MemoryError()
    return PyCapsule_New(made, "gilbench.states", dispose)


def run(
    states, uint64_t units_per_call, int64_t grain_ns, int64_t window_ns, int64_t calls,
    uint32_t workers, uint32_t cores, int64_t timeout_ns,
):
    cdef States* inner = states_of(states)
    cdef CrewOutcome outcome
    cdef uint32_t worker
    cdef NativeReading* readings = <NativeReading*>PyMem_RawCalloc(workers, sizeof(NativeReading))
    if readings is NULL:
        raise MemoryError()
    try:
        with nogil:
            outcome = run_crew(
                inner[0], units_per_call, grain_ns, window_ns, calls, workers, cores, timeout_ns,
                readings,
            )
        if outcome == CrewOutcome.out_of_memory:
            raise MemoryError(f"no memory for {workers} kernel states")
        if outcome == CrewOutcome.no_thread:
            raise RuntimeError(f"the system refused to start {workers} native threads")
        if outcome == CrewOutcome.timed_out:
            raise TimeoutError("the native threads did not all come to the gate")
        return [
            (
                readings[worker].units,
                readings[worker].calls,
                readings[worker].skew_ns,
                readings[worker].wall_ns,
                None if readings[worker].cpu_ns < 0 else readings[worker].cpu_ns,
                None if readings[worker].queue_ns < 0 else readings[worker].queue_ns,
                readings[worker].checksum,
            )
            for worker in range(workers)
        ]
    finally:
        PyMem_RawFree(readings)
