"""One worker's work on a kernel: held, released, or mixed. The modes are the ways to call it."""

from capsules cimport kernel_of, meter_of, work_of
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport uint64_t
from native cimport Kernel, Meter, Work, advance


cdef void dispose(object capsule) noexcept:
    cdef Work* work = work_of(capsule)
    work.kernel.destroy(work.state)
    PyMem_RawFree(work)


def create(kernel, uint64_t bytes):
    cdef Kernel* template = kernel_of(kernel)
    cdef Work* work = <Work*>PyMem_RawMalloc(sizeof(Work))
    if work is NULL:
        raise MemoryError()
    work.kernel = template[0]
    with nogil:
        work.state = work.kernel.create(bytes)
    if work.state is NULL:
        PyMem_RawFree(work)
        raise MemoryError(f"no memory for a kernel's state of {bytes} bytes")
    return PyCapsule_New(work, "gilbench.work", dispose)


def run(work, uint64_t units):
    cdef Work* inner = work_of(work)
    inner.kernel.advance(inner.state, units)


def hold(work, meter, uint64_t units):
    cdef Work* inner = work_of(work)
    cdef Meter* stamps = meter_of(meter)
    if stamps.begin():
        stamps.end(advance(inner[0], stamps[0], units))
    return not stamps.closed()


def release(work, meter, uint64_t units):
    cdef Work* inner = work_of(work)
    cdef Meter* stamps = meter_of(meter)
    with nogil:
        if stamps.begin():
            stamps.end(advance(inner[0], stamps[0], units))
    return not stamps.closed()


def mix(work, meter, uint64_t held_units, uint64_t released_units):
    cdef Work* inner = work_of(work)
    cdef Meter* stamps = meter_of(meter)
    cdef uint64_t done
    if stamps.begin():
        done = advance(inner[0], stamps[0], held_units)
        with nogil:
            stamps.end(done + advance(inner[0], stamps[0], released_units))
    return not stamps.closed()


def checksum(work):
    cdef Work* inner = work_of(work)
    return inner.kernel.checksum(inner.state)
