// The processors that a thread may run on.
#pragma once

#if defined(__linux__)
#include <cstddef>

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace gilbench {

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

}  // namespace gilbench
