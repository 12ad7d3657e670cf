"""`chase`: from one cache line to the next, in an order that nobody can guess, over more memory than
the caches hold: limited by the latency of memory.

A unit is one hop. The lines lie on one random cycle, so that every hop waits for the one before it
(Sattolo, "An algorithm to generate a random cyclic permutation", Information Processing Letters
22 (6), 1986).
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel, prefer_large_pages

cdef extern from *:
    """
    static const uint64_t SEED = 88172645463325252ULL;  // Marsaglia's own, as in `spin`
    static const uint64_t LINE = 8;                     // numbers of 8 bytes to a cache line
    """
    const uint64_t SEED
    const uint64_t LINE

cdef struct Chase:
    uint64_t* next  # one number a line, the first: where the next line begins
    uint64_t at
    uint64_t done


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef uint64_t lines = bytes // (LINE * sizeof(uint64_t))
    cdef uint64_t random = SEED
    cdef uint64_t index
    cdef uint64_t other
    cdef uint64_t kept
    cdef Chase* chase = <Chase*>malloc(sizeof(Chase))
    if chase is NULL:
        return NULL
    if lines < 1:
        lines = 1
    chase.next = <uint64_t*>malloc(lines * LINE * sizeof(uint64_t))
    if chase.next is NULL:
        free(chase)
        return NULL
    prefer_large_pages(chase.next, lines * LINE * sizeof(uint64_t))
    chase.at = 0
    chase.done = 0
    for index in range(lines):
        chase.next[index * LINE] = index * LINE
    for index in range(lines - 1, 0, -1):
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        other = random % index
        kept = chase.next[index * LINE]
        chase.next[index * LINE] = chase.next[other * LINE]
        chase.next[other * LINE] = kept
    return chase


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef Chase* chase = <Chase*>state
    cdef const uint64_t* next = chase.next
    cdef uint64_t at = chase.at
    cdef uint64_t unit
    for unit in range(units):
        at = next[at]
    chase.at = at
    chase.done += units


cdef uint64_t checksum(void* state) noexcept nogil:
    cdef Chase* chase = <Chase*>state
    return chase.done + (chase.at // LINE << 32)


cdef void destroy(void* state) noexcept nogil:
    free((<Chase*>state).next)
    free(state)


def kernel():
    return kernel_capsule(Kernel(128, create, advance, checksum, destroy))
