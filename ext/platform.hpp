// What the C++ standard library cannot tell: the one header with platform switches.
//
// Every reading returns -1 where the platform does not tell; callers report that as unknown.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>

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
#include <pthread.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <climits>
#include <cstdlib>
#include <dirent.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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

// Reads what other code may write meanwhile, of which we cannot make a std::atomic.
template <typename Value> inline Value load_foreign(const Value* place) noexcept {
#if defined(_MSC_VER)
    static_assert(sizeof(std::atomic<Value>) == sizeof(Value));
    return reinterpret_cast<const std::atomic<Value>*>(place)->load(std::memory_order_acquire);
#else
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
#endif
}

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

// Pauses of the thread that made it, as exact as the system lets them be.
class ExactPause {
  public:
    ExactPause() noexcept {
#if defined(__linux__)
        // Timers of ordinary threads may be 50 us late, so as to spare the processor.
        slack_ns_ = ::prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
        ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
#elif defined(_WIN32)
        // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, which older headers do not name nor systems know
        // (Windows 10 1803 does); without it timers tick in 15.6 ms.
        constexpr DWORD high_resolution = 2;
        timer_ = ::CreateWaitableTimerExW(nullptr, nullptr, high_resolution, TIMER_ALL_ACCESS);
        if (timer_ == nullptr)
            timer_ = ::CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS);
#endif
    }
    ~ExactPause() {
#if defined(__linux__)
        if (slack_ns_ > 0)
            ::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(slack_ns_), 0UL, 0UL, 0UL);
#elif defined(_WIN32)
        if (timer_ != nullptr) ::CloseHandle(timer_);
#endif
    }
    ExactPause(const ExactPause&) = delete;
    ExactPause& operator=(const ExactPause&) = delete;

    // Waits until the clock shows `moment_ns`, or a little longer.
    void until(std::int64_t moment_ns) noexcept {
#if defined(__linux__)
        // The clock of `now_ns`.
        timespec moment{};
        moment.tv_sec = static_cast<time_t>(moment_ns / 1'000'000'000);
        moment.tv_nsec = static_cast<long>(moment_ns % 1'000'000'000);
        while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nullptr) == EINTR) {
        }
#else
        const auto left_ns = moment_ns - now_ns();
        if (left_ns <= 0) return;
#if defined(_WIN32)
        // In units of 100 ns; a moment that is not absolute is negative.
        LARGE_INTEGER due{};
        due.QuadPart = -std::max<std::int64_t>(1, left_ns / 100);
        if (timer_ != nullptr && ::SetWaitableTimer(timer_, &due, 0, nullptr, nullptr, FALSE))
            ::WaitForSingleObject(timer_, INFINITE);
        else
            ::Sleep(1);
#else
        std::this_thread::sleep_for(std::chrono::nanoseconds(left_ns));
#endif
#endif
    }

#if defined(__linux__)
  private:
    int slack_ns_ = 0;
#elif defined(_WIN32)
  private:
    HANDLE timer_ = nullptr;
#endif
};

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
        kept_ = ::sched_getaffinity(thread_, sizeof allowed_, allowed_) == 0;
#endif
        return kept_;
    }
    // Moves that thread. Returns false for a processor that is not there, or is not ours: then the
    // thread stays where it is.
    bool narrow([[maybe_unused]] int processor) noexcept {
#if defined(__linux__)
        if (!kept_ || processor < 0 || processor >= sets * CPU_SETSIZE) return false;
        cpu_set_t one[sets];
        CPU_ZERO_S(sizeof one, one);
        CPU_SET_S(static_cast<std::size_t>(processor), sizeof one, one);
        return ::sched_setaffinity(thread_, sizeof one, one) == 0;
#else
        return false;
#endif
    }
    // Gives back what was kept, from whichever thread.
    void restore() noexcept {
#if defined(__linux__)
        if (kept_) ::sched_setaffinity(thread_, sizeof allowed_, allowed_);
#endif
        kept_ = false;
    }

  private:
    bool kept_ = false;
#if defined(__linux__)
    // As many processors as Linux has on any machine: one set has room for 1024.
    static constexpr int sets = 8;
    pid_t thread_ = 0;
    cpu_set_t allowed_[sets]{};
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

#if defined(__linux__)
// Whether a process began with this entry in its environment (proc(5)).
inline bool began_with(const char* pid, const char* entry) noexcept {
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%.16s/environ", pid);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const char* at = entry;  // what must come next; null: not in this entry
    char text[4096];
    bool found = false;
    for (ssize_t got; !found && (got = ::read(file, text, sizeof text)) > 0;)
        for (ssize_t index = 0; index < got && !found; ++index) {
            const char one = text[index];
            if (one == '\0') {
                found = at != nullptr && *at == '\0';
                at = entry;
            } else if (at != nullptr) {
                at = *at == one ? at + 1 : nullptr;
            }
        }
    ::close(file);
    return found;
}

// Ends what a host let loose from its group: all that inherited its mark, wherever it went.
inline void end_strays(const char* folder) noexcept {
    char mark[PATH_MAX + 16];
    std::snprintf(mark, sizeof mark, "GILBENCH_HOST=%s", folder);
    DIR* processes = ::opendir("/proc");
    if (processes == nullptr) return;
    while (const dirent* process = ::readdir(processes)) {
        const auto pid = static_cast<pid_t>(std::atol(process->d_name));
        if (pid > 0 && pid != ::getpid() && began_with(process->d_name, mark))
            ::kill(pid, SIGKILL);
    }
    ::closedir(processes);
}
#else
inline void end_strays(const char*) noexcept {}
#endif

// Blocks until the other end of the pipe is closed, then removes the host's temporary folder and
// ends this process and all that it started (its process group; on Linux, what left that too),
// without asking the interpreter.
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
    if (is_hosts_folder(folder)) end_strays(folder);
    // Only a process that leads its group may take the group along: never the user's shell job.
    if (::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
    ::_exit(1);
#endif
}

}  // namespace gilbench
