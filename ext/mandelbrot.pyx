"""`mandelbrot`: the points of a small picture, one after another, as a loop over single numbers does
them: limited by the latency of floating-point arithmetic.

A unit is one step z = z * z + c, or the look that ends a point: at 256 steps, or beyond 2. The
picture is small, so that the shortest window sees all of it many times: its parts differ in cost.
"""

from capsules cimport kernel_capsule
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from native cimport Kernel

cdef extern from *:
    """
    static const uint64_t SIDE = 64;
    static const uint64_t LIMIT = 256;
    static const double LEFT = -2.0, TOP = -1.25, BETWEEN = 2.5 / 64;
    """
    const uint64_t SIDE
    const uint64_t LIMIT
    const double LEFT
    const double TOP
    const double BETWEEN

cdef struct Mandelbrot:
    double x
    double y
    uint64_t steps
    uint64_t point
    uint64_t sum


cdef void* create(uint64_t bytes) noexcept nogil:
    cdef Mandelbrot* picture = <Mandelbrot*>malloc(sizeof(Mandelbrot))
    if picture is not NULL:
        picture[0] = Mandelbrot(0.0, 0.0, 0, 0, 0)
    return picture


cdef void advance(void* state, uint64_t units) noexcept nogil:
    cdef Mandelbrot* picture = <Mandelbrot*>state
    cdef double x = picture.x
    cdef double y = picture.y
    cdef uint64_t steps = picture.steps
    cdef uint64_t point = picture.point
    cdef uint64_t sum = picture.sum
    cdef double column = LEFT + BETWEEN * <double>(point % SIDE)
    cdef double row = TOP + BETWEEN * <double>(point // SIDE)
    cdef double x_squared
    cdef double y_squared
    cdef uint64_t unit
    for unit in range(units):
        x_squared = x * x
        y_squared = y * y
        if steps == LIMIT or x_squared + y_squared > 4.0:
            sum = 31 * sum + steps
            point = (point + 1) % (SIDE * SIDE)
            column = LEFT + BETWEEN * <double>(point % SIDE)
            row = TOP + BETWEEN * <double>(point // SIDE)
            x = 0.0
            y = 0.0
            steps = 0
        else:
            y = 2.0 * x * y + row
            x = x_squared - y_squared + column
            steps += 1
    picture[0] = Mandelbrot(x, y, steps, point, sum)


cdef uint64_t checksum(void* state) noexcept nogil:
    cdef Mandelbrot* picture = <Mandelbrot*>state
    return 31 * picture.sum + picture.steps


cdef void destroy(void* state) noexcept nogil:
    free(state)


def kernel():
    return kernel_capsule(Kernel(4096, create, advance, checksum, destroy))
