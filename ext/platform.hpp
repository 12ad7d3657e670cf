// What the C++ standard library cannot tell: the one header with platform switches.
//
// Every reading returns -1 where the platform does not tell; callers report that as unknown.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <io.h>
#include <windows.h>
#else
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <ftw.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace gilbench {

// One clock for all threads and processes of a machine: CLOCK_MONOTONIC, mach time or the
// performance counter, as the standard library chooses.
inline std::int64_t now_ns() noexcept {
    using std::chrono::duration_cast;
    using std::chrono::nanoseconds;
    return duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

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

inline void relax() noexcept {
#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
    _mm_pause();
#elif defined(_MSC_VER) && defined(_M_ARM64)
    __yield();
#elif defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

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

// Which processors the scheduler may give to one thread: kept, narrowed to one, and given back.
class Affinity {
  public:
    // Keeps the calling thread's. Returns false where the platform does not tell.
    bool keep() noexcept {
#if defined(__linux__)
        thread_ = static_cast<pid_t>(::syscall(SYS_gettid));
        kept_ = ::sched_getaffinity(thread_, sizeof allowed_, &allowed_) == 0;
#endif
        return kept_;
    }
    // Moves that thread. A processor that is not there, or is not ours, leaves it where it is.
    void narrow([[maybe_unused]] int processor) noexcept {
#if defined(__linux__)
        if (!kept_ || processor < 0 || processor >= CPU_SETSIZE) return;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        ::sched_setaffinity(thread_, sizeof one, &one);
#endif
    }
    // Gives back what was kept, from whichever thread.
    void restore() noexcept {
#if defined(__linux__)
        if (kept_) ::sched_setaffinity(thread_, sizeof allowed_, &allowed_);
#endif
        kept_ = false;
    }

  private:
    bool kept_ = false;
#if defined(__linux__)
    pid_t thread_ = 0;
    cpu_set_t allowed_{};
#endif
};

// Large pages make first touch cheap and keep address translation out of bandwidth figures.
inline void prefer_large_pages([[maybe_unused]] void* start,
                               [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // Whole pages only: for anything else the system refuses, and says nothing here.
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(start) + page - 1) / page * page;
    const auto end = (reinterpret_cast<std::uintptr_t>(start) + bytes) / page * page;
    if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#endif
}

#if !defined(_WIN32)
inline int remove_one(const char* path, const struct stat*, int, struct FTW*) noexcept {
    std::remove(path);
    return 0;
}

// Whether a folder carries the name that a conductor gives: none that a user made by hand does.
inline bool is_hosts_folder(const char* folder) noexcept {
    const char* slash = std::strrchr(folder, '/');
    return slash != nullptr && std::strncmp(slash + 1, "gilbench-", 9) == 0;
}
#endif

// Blocks until the other end of the pipe is closed, then removes the host's temporary folder and
// ends this process and all that it started (its process group), without asking the interpreter.
inline void end_with(int descriptor, [[maybe_unused]] const char* folder) noexcept {
    char byte;
#if defined(_WIN32)
    while (::_read(descriptor, &byte, 1) > 0) {
    }
    ::TerminateProcess(::GetCurrentProcess(), 1);
#else
    while (true) {
        const auto got = ::read(descriptor, &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR)) break;
    }
    // Again where somebody just made a file in it; once it is gone nobody can.
    constexpr int tries = 10;
    for (int attempt = 0; is_hosts_folder(folder) && attempt < tries; ++attempt)
        if (::nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0) break;
    // Only a process that leads its group may take the group along: never the user's shell job.
    if (::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
    ::_exit(1);
#endif
}

}  // namespace gilbench
