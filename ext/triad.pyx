"""`triad`: a[i] = b[i] + s * c[i] over arrays larger than the caches, limited by memory bandwidth.

A unit is one element: 24 bytes moved, counted as STREAM does (McCalpin, "STREAM: Sustainable
Memory Bandwidth in High Performance Computers").
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel, Stretch, best_stretch, prefer_large_pages

cdef struct Triad:
    Stretch stretch
    void* memory
    double* a
    double* b
    double* c
    uint64_t length
    uint64_t at
    uint64_t done


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef uint64_t length = bytes // 24
    cdef uint64_t room
    cdef uint64_t index
    cdef Triad* triad = <Triad*>malloc(sizeof(Triad))
    if triad is NULL:
        return NULL
    if length < 1:
        length = 1
    # Each array begins with a cache line: numbers that are moved by four must not lie across two.
    room = (length + 7) // 8 * 8
    triad.memory = malloc((3 * room + 8) * sizeof(double))
    if triad.memory is NULL:
        free(triad)
        return NULL
    prefer_large_pages(triad.memory, (3 * room + 8) * sizeof(double))
    triad.stretch = best_stretch().stretch
    triad.a = <double*>((<size_t>triad.memory + 63) // 64 * 64)
    triad.b = triad.a + room
    triad.c = triad.b + room
    triad.length = length
    triad.at = 0
    triad.done = 0
    for index in range(length):
        triad.a[index] = 0.0
        triad.b[index] = <double>(index % 1024)
        triad.c[index] = <double>(index % 512)
    return triad


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef Triad* triad = <Triad*>state
    cdef uint64_t left = units
    cdef uint64_t length
    while left > 0:
        length = min(left, triad.length - triad.at)
        triad.stretch(triad.a + triad.at, triad.b + triad.at, triad.c + triad.at, length)
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
    free((<Triad*>state).memory)
    free(state)


def kernel():
    return kernel_capsule(Kernel(4096, create, advance, checksum, destroy))


def variant():
    return best_stretch().name.decode()
