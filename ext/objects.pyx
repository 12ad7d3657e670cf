"""`objects`: a private dict of Python integers, filled and read back. It cannot detach.

A unit is one key: `table[key] = table.get(key, nothing) + unit`, with a new dict every 256 units.
"""

from capsules cimport meter_of
from libc.stdint cimport uint64_t
from native cimport Meter

cdef extern from *:
    """
    static const uint64_t KEYS = 256;
    static const uint64_t CHUNK = 256;
    """
    const uint64_t KEYS
    const uint64_t CHUNK


def create():
    return {"table": {}, "unit": 0, "sum": 0}


cdef int stretch(dict state, uint64_t units) except -1:
    cdef dict table = state["table"]
    cdef uint64_t unit = state["unit"]
    cdef uint64_t last = unit + units
    cdef uint64_t sum = state["sum"]
    # A constant is looked up in the module's state, by a counter that all interpreters share: in
    # the loop that alone would cost two interpreters a third of their speed.
    cdef object nothing = 0
    while unit < last:
        if unit % KEYS == 0:
            table = {}
        key = (unit * 7) % KEYS
        table[key] = table.get(key, nothing) + unit
        sum += <uint64_t>table[key]
        unit += 1
    state["table"] = table
    state["unit"] = unit
    state["sum"] = sum
    return 0


def run(dict state, uint64_t units):
    stretch(state, units)


def hold(dict state, meter, uint64_t units):
    cdef Meter* stamps = meter_of(meter)
    cdef uint64_t done = 0
    cdef uint64_t length
    if stamps.begin():
        while done < units and not stamps.over():
            length = min(CHUNK, units - done)
            stretch(state, length)
            done += length
        stamps.end(done)
    return not stamps.closed()


def checksum(dict state):
    return state["sum"]
