// Clocks: the one that all threads and processes share, and the calling thread's own.
#pragma once

#include <chrono>
#include <cstdint>

#if !defined(_WIN32)
#include <ctime>
#endif

namespace gilbench {

// One clock for all threads and processes of a machine: CLOCK_MONOTONIC, mach time or the
// performance counter, as the standard library chooses.
inline std::int64_t now_ns() noexcept {
    using std::chrono::duration_cast;
    using std::chrono::nanoseconds;
    return duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Returns -1 where the platform does not tell, as every reading does: callers report that as
// unknown.
inline std::int64_t thread_cpu_ns() noexcept {
#if defined(_WIN32)
    // GetThreadTimes ticks in 15.6 ms, too coarse for a window. QueryThreadCycleTime counts what each
    // processor likes to count: its documentation says not to turn cycles into time.
    return -1;
#else
    timespec spent{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent) != 0) return -1;
    return static_cast<std::int64_t>(spent.tv_sec) * 1'000'000'000 + spent.tv_nsec;
#endif
}

}  // namespace gilbench
