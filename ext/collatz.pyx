"""`collatz`: halve even numbers, 3 n + 1 for odd ones, until 1: limited by branches that nobody can
predict.

A unit is one step, or the look that ends a number. Numbers start at 2**31 and up, where all chains
are about as long; from 2**32 it begins anew. No chain that starts below comes near 64 bits: the
highest, tried for all of them, reaches 7125885122794452160, from 1410123943.
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel

cdef extern from *:
    """
    static const uint64_t FIRST = 1ULL << 31;
    static const uint64_t LAST = (1ULL << 32) - 1;
    """
    const uint64_t FIRST
    const uint64_t LAST

cdef struct Collatz:
    uint64_t start
    uint64_t number
    uint64_t steps
    uint64_t sum


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef Collatz* chain = <Collatz*>malloc(sizeof(Collatz))
    if chain is not NULL:
        chain[0] = Collatz(FIRST, FIRST, 0, 0)
    return chain


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef Collatz* chain = <Collatz*>state
    cdef uint64_t start = chain.start
    cdef uint64_t number = chain.number
    cdef uint64_t steps = chain.steps
    cdef uint64_t sum = chain.sum
    cdef uint64_t unit
    for unit in range(units):
        if number == 1:
            sum = 31 * sum + steps
            start = FIRST if start == LAST else start + 1
            number = start
            steps = 0
        elif number % 2 == 0:
            number >>= 1
            steps += 1
        else:
            number = 3 * number + 1
            steps += 1
    chain[0] = Collatz(start, number, steps, sum)


cdef uint64_t checksum(void* state) noexcept nogil:
    cdef Collatz* chain = <Collatz*>state
    return 31 * chain.sum + chain.steps + chain.number


cdef void destroy(void* state) noexcept nogil:
    free(state)


def kernel():
    return kernel_capsule(Kernel(4096, create, advance, checksum, destroy))
