"""What no process survives, whatever Python has to say in it: what a worker is to crash by."""


cdef extern from *:
    """
    // Volatile twice: what it knows to point nowhere, and what nobody asks for, a compiler leaves out
    // or turns into a trap, which is another signal.
    #if defined(__GNUC__)
    __attribute__((no_sanitize("undefined")))  // on purpose
    #endif
    static char read_null() noexcept {
        const volatile char* volatile nowhere = nullptr;
        return *nowhere;
    }
    """
    char read_null() noexcept


def null_read():
    return read_null()
