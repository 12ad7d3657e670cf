# The processors that workers are kept on or visit in turn, as native code takes them.
from libc.stdint cimport int32_t

cdef enum:
    MOST_PROCESSORS = 8192


cdef inline ssize_t read_processors(tuple processors, int32_t* stops) except -1:
    """Write them to `stops`, which has room for MOST_PROCESSORS. Return how many there are."""
    cdef ssize_t at
    if len(processors) > MOST_PROCESSORS:
        raise ValueError(f"at most {MOST_PROCESSORS} processors, not {len(processors)}")
    for at in range(len(processors)):
        stops[at] = processors[at]
    return len(processors)
