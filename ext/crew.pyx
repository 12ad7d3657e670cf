"""The hardware's ceiling: native threads that run a kernel and never touch Python."""

from capsules cimport work_of
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from native cimport CrewOutcome, NativeReading, Work, run_crew
from tour cimport MOST_PROCESSORS, read_processors


def run(
    list works, uint64_t units_per_call, int64_t grain_ns, int64_t window_ns, int64_t calls,
    uint32_t cores, int64_t timeout_ns, tuple processors=(), int64_t stay_ns=0,
):
    cdef int32_t stops[MOST_PROCESSORS]
    cdef size_t stop_count = read_processors(processors, stops)
    cdef CrewOutcome outcome
    cdef uint32_t worker
    cdef uint32_t workers = len(works)
    cdef const Work** inner = <const Work**>PyMem_RawCalloc(workers, sizeof(Work*))
    cdef NativeReading* readings = <NativeReading*>PyMem_RawCalloc(workers, sizeof(NativeReading))
    try:
        if inner is NULL or readings is NULL:
            raise MemoryError()
        for worker in range(workers):
            inner[worker] = work_of(works[worker])
        with nogil:
            outcome = run_crew(
                inner, units_per_call, grain_ns, window_ns, calls, workers, cores, timeout_ns,
                stops, stop_count, stay_ns, readings,
            )
        if outcome == CrewOutcome.out_of_memory:
            raise MemoryError(f"no memory for {workers} native threads")
        if outcome == CrewOutcome.no_thread:
            raise RuntimeError(f"the system refused to start {workers} native threads")
        if outcome == CrewOutcome.timed_out:
            raise TimeoutError("the native threads did not all come to the gate")
        if outcome == CrewOutcome.displaced:
            raise RuntimeError("the system did not keep a native thread on its processor")
        return [
            (
                readings[worker].units,
                readings[worker].calls,
                readings[worker].skew_ns,
                readings[worker].wall_ns,
                None if readings[worker].cpu_ns < 0 else readings[worker].cpu_ns,
                None if readings[worker].queue_ns < 0 else readings[worker].queue_ns,
                readings[worker].longest_wait_ns,
                readings[worker].checksum,
            )
            for worker in range(workers)
        ]
    finally:
        PyMem_RawFree(inner)
        PyMem_RawFree(readings)
