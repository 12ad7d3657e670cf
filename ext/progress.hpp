// How far the call that a thread makes has come, for another thread to read.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

#include "platform/thread_ticks.hpp"

namespace gilbench {

// Of the calls of the thread that made it. They are measured in that thread's own CPU time: who waits
// in the middle of a call comes no further.
class Progress {
  public:
    void enter() noexcept {
        began_.store(ticks_.read(), std::memory_order_release);
        next_turn();
    }
    void leave() noexcept {
        const auto took = ticks_.read() - began_.load(std::memory_order_relaxed);
        next_turn();
        least_ = std::min(least_, took);
    }

    // What the running call has had so far: -1 where none runs, or ends meanwhile, and where the
    // platform does not tell.
    std::int64_t come() const noexcept {
        const auto turn = turn_.load(std::memory_order_acquire);
        // Who sees the beginning of a later call sees the end of this one below.
        const auto began = began_.load(std::memory_order_acquire);
        const auto now = ticks_.read();
        const bool same = turn_.load(std::memory_order_relaxed) == turn;
        return turn % 2 == 1 && same && began >= 0 && now >= began ? now - began : -1;
    }

    // What the shortest call took that ended; 0 where none did. To be read by who makes the calls.
    std::int64_t least() const noexcept {
        return least_ == std::numeric_limits<std::int64_t>::max() ? 0 : least_;
    }

  private:
    void next_turn() noexcept {
        turn_.store(turn_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    const ThreadTicks ticks_;
    // Odd while a call is running.
    std::atomic<std::uint64_t> turn_{0};
    std::atomic<std::int64_t> began_{0};
    std::int64_t least_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace gilbench
