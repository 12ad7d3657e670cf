"""The machine's one monotonic clock, and the calling thread's own CPU time."""

from native cimport now_ns as native_now_ns, thread_cpu_ns as native_thread_cpu_ns


def now_ns():
    return native_now_ns()


def thread_cpu_ns():
    cdef long long spent = native_thread_cpu_ns()
    return None if spent < 0 else spent
