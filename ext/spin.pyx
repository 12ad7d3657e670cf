"""`spin`: a chain of xorshift steps, limited by the latency of three shifts and three exclusive ors.

A unit is one step. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003.
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel

cdef extern from *:
    """
    static const uint64_t SEED = 88172645463325252ULL;  // Marsaglia's own
    """
    const uint64_t SEED


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef uint64_t* state = <uint64_t*>malloc(sizeof(uint64_t))
    if state is not NULL:
        state[0] = SEED
    return state


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef uint64_t x = (<uint64_t*>state)[0]
    cdef uint64_t unit
    for unit in range(units):
        x ^= x << 13
        x ^= x >> 7
        x ^= x << 17
    (<uint64_t*>state)[0] = x


cdef uint64_t checksum(void* state) noexcept nogil:
    return (<uint64_t*>state)[0]


cdef void destroy(void* state) noexcept nogil:
    free(state)


def kernel():
    return kernel_capsule(Kernel(4096, create, advance, checksum, destroy))
