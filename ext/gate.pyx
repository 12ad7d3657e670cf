"""The start gate: made by the one who runs a sample, passed by its workers.

Threads and subinterpreters find it by its address, processes in memory that they map.
"""

from borrowed cimport borrow
from capsules cimport gate_of
from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport uint32_t, uintptr_t
from native cimport Gate


def size():
    return sizeof(Gate)


def on(memory):
    return borrow(memory, "gilbench.gate", "a gate", sizeof(Gate), 128)


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
