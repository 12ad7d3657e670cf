// Pauses: a breath while spinning, and a sleep that ends when it is to.
#pragma once

#include <cstdint>

#include "platform/clock.hpp"

#if defined(_WIN32)
#include <algorithm>

#include "platform/windows.hpp"
#elif defined(__linux__)
#include <cerrno>
#include <ctime>

#include <sys/prctl.h>
#else
#include <chrono>
#include <thread>
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace gilbench {

// Tells the processor that the calling thread spins.
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

}  // namespace gilbench
