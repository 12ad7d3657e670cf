// The scheduler's run queue, as it is for one thread.
#pragma once

#include <cstdint>

#if defined(__linux__)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace gilbench {

// How long the calling thread has stood in the scheduler's run queue: runnable, not running.
// Opened by the thread that it speaks of.
class RunQueue {
  public:
    RunQueue() noexcept {
#if defined(__linux__)
        descriptor_ = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
#endif
    }
    ~RunQueue() {
#if defined(__linux__)
        if (descriptor_ >= 0) ::close(descriptor_);
#endif
    }
    RunQueue(const RunQueue&) = delete;
    RunQueue& operator=(const RunQueue&) = delete;

    // Returns -1 where the platform does not tell.
    std::int64_t waited_ns() const noexcept {
#if defined(__linux__)
        if (descriptor_ < 0) return -1;
        char text[96];
        const auto length = ::pread(descriptor_, text, sizeof text, 0);
        // "ran waited slices", in nanoseconds and a count (Documentation/scheduler/sched-stats.rst)
        std::int64_t waited = 0;
        ssize_t at = 0;
        while (at < length && text[at] != ' ') ++at;
        if (at++ >= length) return -1;
        for (; at < length && text[at] >= '0' && text[at] <= '9'; ++at)
            waited = waited * 10 + (text[at] - '0');
        return waited;
#else
        return -1;
#endif
    }

#if defined(__linux__)
  private:
    int descriptor_ = -1;
#endif
};

}  // namespace gilbench
