"""The start gate: made by the one who runs a sample, passed by its workers.

Threads and subinterpreters find it by its address, processes in memory that they map.
"""

from capsules cimport gate_of
from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport PyCapsule_GetContext, PyCapsule_New, PyCapsule_SetContext
from libc.stdint cimport uint32_t, uintptr_t
from native cimport Gate


cdef void let_go(object capsule) noexcept:
    cdef Py_buffer* view = <Py_buffer*>PyCapsule_GetContext(capsule)
    if view is not NULL:
        PyBuffer_Release(view)
        PyMem_RawFree(view)


def size():
    return sizeof(Gate)


def on(memory):
    cdef Py_buffer* view = <Py_buffer*>PyMem_RawMalloc(sizeof(Py_buffer))
    if view is NULL:
        raise MemoryError()
    try:
        PyObject_GetBuffer(memory, view, PyBUF_WRITABLE)
    except BaseException:
        PyMem_RawFree(view)
        raise
    if <size_t>view.len < sizeof(Gate) or <uintptr_t>view.buf % 128 != 0:
        PyBuffer_Release(view)
        PyMem_RawFree(view)
        raise ValueError(f"a gate needs {sizeof(Gate)} bytes of memory, aligned to 128")
    capsule = PyCapsule_New(view.buf, "gilbench.gate", let_go)
    PyCapsule_SetContext(capsule, view)
    return capsule


def at(uintptr_t address):
    if address == 0 or address % 128 != 0 or not (<Gate*>address).valid():
        raise ValueError("there is no gate at this address")
    return PyCapsule_New(<void*>address, "gilbench.gate", NULL)


def address(gate):
    return <uintptr_t>gate_of(gate)


def reset(gate, uint32_t workers, uint32_t cores):
    gate_of(gate).reset(workers, cores)


def abort(gate):
    gate_of(gate).abort()


def opened_ns(gate):
    return gate_of(gate).opened_ns()
