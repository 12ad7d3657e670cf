# A lone worker's stops, as native code takes them.
from libc.stdint cimport int32_t

cdef enum:
    MOST_STOPS = 64

cdef extern from *:
    """
    #include "tour.hpp"
    static_assert(gilbench::Tour::most_stops == 64, "tour.pxd says how many stops there are");
    """


cdef inline ssize_t read_stops(tuple processors, int32_t* stops) except -1:
    """Write the stops to `stops`, which has room for MOST_STOPS. Return how many there are."""
    cdef ssize_t at
    if len(processors) > MOST_STOPS:
        raise ValueError(f"a tour has at most {MOST_STOPS} stops, not {len(processors)}")
    for at in range(len(processors)):
        stops[at] = processors[at]
    return len(processors)
