# Memory that a capsule borrows of a Python object for as long as it lives: what native code keeps in
# it, other processes and subinterpreters find by mapping the same memory.
from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport PyCapsule_GetContext, PyCapsule_New, PyCapsule_SetContext
from libc.stdint cimport uintptr_t


cdef inline void give_back(object capsule) noexcept:
    cdef Py_buffer* view = <Py_buffer*>PyCapsule_GetContext(capsule)
    if view is not NULL:
        PyBuffer_Release(view)
        PyMem_RawFree(view)


cdef inline object borrow(object memory, const char* name, str what, size_t size, size_t alignment):
    cdef Py_buffer* view = <Py_buffer*>PyMem_RawMalloc(sizeof(Py_buffer))
    if view is NULL:
        raise MemoryError()
    try:
        PyObject_GetBuffer(memory, view, PyBUF_WRITABLE)
    except BaseException:
        PyMem_RawFree(view)
        raise
    if <size_t>view.len < size or <uintptr_t>view.buf % alignment != 0:
        PyBuffer_Release(view)
        PyMem_RawFree(view)
        raise ValueError(f"{what} needs {size} bytes of memory, aligned to {alignment}")
    try:
        capsule = PyCapsule_New(view.buf, name, give_back)
    except BaseException:
        PyBuffer_Release(view)
        PyMem_RawFree(view)
        raise
    PyCapsule_SetContext(capsule, view)
    return capsule
