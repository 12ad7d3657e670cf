// Forks: so that a child can tell that it is one.
#pragma once

#include <atomic>
#include <cstdint>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace gilbench {

// Counts the forks that led to this process, from the first call of this function on: whoever sees
// another count than before is in a child. Returns false where no fork can be noticed.
inline std::atomic<std::uint64_t> forks_counted{0};
inline std::uint64_t forks() noexcept { return forks_counted.load(std::memory_order_relaxed); }
inline bool count_forks() noexcept {
#if defined(_WIN32)
    return false;
#else
    static const bool counting = ::pthread_atfork(nullptr, nullptr, [] {
        forks_counted.fetch_add(1, std::memory_order_relaxed);
    }) == 0;
    return counting;
#endif
}

}  // namespace gilbench
