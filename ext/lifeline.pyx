"""A thread that ends this process with the other end of a pipe, whatever holds the GIL."""

from native cimport end_with

cdef extern from *:
    """
    #include <system_error>
    #include <thread>
    static bool start_lifeline(int descriptor) noexcept {
        try {
            std::thread(gilbench::end_with, descriptor).detach();
        } catch (const std::system_error&) {
            return false;
        }
        return true;
    }
    """
    bint start_lifeline(int descriptor) noexcept


def watch(int descriptor):
    if not start_lifeline(descriptor):
        raise RuntimeError("no thread could be started to watch the lifeline")
