// How much CPU time a thread has had, for other threads to read.
#pragma once

#include <cstdint>

#if defined(_WIN32)
#include "platform/windows.hpp"
#elif defined(__APPLE__)
#include <mach/mach.h>
#include <pthread.h>
#else
#include <ctime>

#include <pthread.h>
#endif

namespace gilbench {

// The CPU time of the thread that made it, as long as that lives. In nanoseconds, but for Windows,
// which counts what each processor likes to count: only shares of each other mean something.
class ThreadTicks {
  public:
    ThreadTicks() noexcept {
#if defined(_WIN32)
        thread_ = ::OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, ::GetCurrentThreadId());
#elif defined(__APPLE__)
        thread_ = ::pthread_mach_thread_np(::pthread_self());
#else
        known_ = ::pthread_getcpuclockid(::pthread_self(), &clock_) == 0;
#endif
    }
    ~ThreadTicks() {
#if defined(_WIN32)
        if (thread_ != nullptr) ::CloseHandle(thread_);
#endif
    }
    ThreadTicks(const ThreadTicks&) = delete;
    ThreadTicks& operator=(const ThreadTicks&) = delete;

    // Returns -1 where the platform does not tell.
    std::int64_t read() const noexcept {
#if defined(_WIN32)
        ULONG64 cycles = 0;
        if (thread_ == nullptr || !::QueryThreadCycleTime(thread_, &cycles)) return -1;
        return static_cast<std::int64_t>(cycles);
#elif defined(__APPLE__)
        thread_basic_info info{};
        mach_msg_type_number_t count = THREAD_BASIC_INFO_COUNT;
        const auto told = reinterpret_cast<thread_info_t>(&info);
        if (::thread_info(thread_, THREAD_BASIC_INFO, told, &count) != KERN_SUCCESS) return -1;
        const auto us = [](time_value_t time) {
            return static_cast<std::int64_t>(time.seconds) * 1'000'000 + time.microseconds;
        };
        return (us(info.user_time) + us(info.system_time)) * 1'000;
#else
        timespec spent{};
        if (!known_ || ::clock_gettime(clock_, &spent) != 0) return -1;
        return static_cast<std::int64_t>(spent.tv_sec) * 1'000'000'000 + spent.tv_nsec;
#endif
    }

  private:
#if defined(_WIN32)
    HANDLE thread_ = nullptr;
#elif defined(__APPLE__)
    mach_port_t thread_ = MACH_PORT_NULL;
#else
    clockid_t clock_{};
    bool known_ = false;
#endif
};

}  // namespace gilbench
