"""`triad`: a[i] = b[i] + s * c[i] over arrays larger than the caches, limited by memory bandwidth.

A unit is one element: 24 bytes moved, counted as STREAM does (McCalpin, "STREAM: Sustainable
Memory Bandwidth in High Performance Computers").
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel, prefer_large_pages

cdef struct Triad:
    double* a
    double* b
    double* c
    uint64_t length
    uint64_t at
    uint64_t done


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef uint64_t length = bytes // 24
    cdef uint64_t index
    cdef Triad* triad = <Triad*>malloc(sizeof(Triad))
    if triad is NULL:
        return NULL
    if length < 1:
        length = 1
    triad.a = <double*>malloc(3 * length * sizeof(double))
    if triad.a is NULL:
        free(triad)
        return NULL
    prefer_large_pages(triad.a, 3 * length * sizeof(double))
    triad.b = triad.a + length
    triad.c = triad.b + length
    triad.length = length
    triad.at = 0
    triad.done = 0
    for index in range(length):
        triad.a[index] = 0.0
        triad.b[index] = <double>(index % 1024)
        triad.c[index] = <double>(index % 512)
    return triad


cdef void stretch(double* a, const double* b, const double* c, uint64_t length) noexcept nogil:
    cdef uint64_t index
    for index in range(length):
        a[index] = b[index] + 3.0 * c[index]


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef Triad* triad = <Triad*>state
    cdef uint64_t left = units
    cdef uint64_t length
    while left > 0:
        length = min(left, triad.length - triad.at)
        stretch(triad.a + triad.at, triad.b + triad.at, triad.c + triad.at, length)
        triad.at += length
        if triad.at == triad.length:
            triad.at = 0
        left -= length
    triad.done += units


cdef uint64_t checksum(void* state) noexcept nogil:
    # A look at every 512th element: enough to see that each stretch was written, and soon done.
    cdef Triad* triad = <Triad*>state
    cdef uint64_t sum = triad.done
    cdef uint64_t index
    for index in range(0, triad.length, 512):
        sum += <uint64_t>triad.a[index] * (index + 1)
    return sum


cdef void destroy(void* state) noexcept nogil:
    free((<Triad*>state).a)
    free(state)


def kernel():
    return kernel_capsule(Kernel(4096, create, advance, checksum, destroy))
