// Signals: who is to handle them.
#pragma once

#if !defined(_WIN32)
#include <csignal>
#include <initializer_list>

#include <pthread.h>
#endif

namespace gilbench {

// Keeps the calling thread from handling signals that are meant for the process: who waits for one
// elsewhere, as in a system call, would not notice.
inline void leave_signals_to_others() noexcept {
#if !defined(_WIN32)
    // Macros, on macOS: not to be qualified.
    sigset_t others;
    sigfillset(&others);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&others, own);
    ::pthread_sigmask(SIG_BLOCK, &others, nullptr);
#endif
}

}  // namespace gilbench
