# How native objects travel between modules: as named capsules. An extension type would corrupt the
# heap when a second interpreter imports its module; a capsule is checked by name and frees itself.
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New
from native cimport Gate, Kernel, Layout, Meter, Presence, Progress, Work


cdef inline Gate* gate_of(object capsule) except NULL:
    return <Gate*>PyCapsule_GetPointer(capsule, "gilbench.gate")


cdef inline Meter* meter_of(object capsule) except NULL:
    return <Meter*>PyCapsule_GetPointer(capsule, "gilbench.meter")


cdef inline Work* work_of(object capsule) except NULL:
    return <Work*>PyCapsule_GetPointer(capsule, "gilbench.work")


cdef inline Kernel* kernel_of(object capsule) except NULL:
    return <Kernel*>PyCapsule_GetPointer(capsule, "gilbench.kernel")


cdef inline void free_kernel(object capsule) noexcept:
    PyMem_RawFree(PyCapsule_GetPointer(capsule, "gilbench.kernel"))


cdef inline object kernel_capsule(Kernel kernel):
    cdef Kernel* kept = <Kernel*>PyMem_RawMalloc(sizeof(Kernel))
    if kept is NULL:
        raise MemoryError()
    kept[0] = kernel
    return PyCapsule_New(kept, "gilbench.kernel", free_kernel)


cdef inline Presence* presence_of(object capsule) except NULL:
    return <Presence*>PyCapsule_GetPointer(capsule, "gilbench.presence")


cdef inline Progress* progress_of(object capsule) except NULL:
    return <Progress*>PyCapsule_GetPointer(capsule, "gilbench.progress")


cdef inline Layout* layout_of(object capsule) except NULL:
    return <Layout*>PyCapsule_GetPointer(capsule, "gilbench.layout")
