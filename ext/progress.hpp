// How far the call that a thread makes has come, for another thread to read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

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
        if (took_ != nullptr && ended_ < most_kept) took_[ended_++] = took;
    }

    // How far the running call has come, and which call that is, counted from 0.
    struct Come {
        std::int64_t ns;
        std::int64_t call;
    };

    // Of no call, and -1, where none runs, or ends meanwhile, and where the platform does not tell.
    Come come() const noexcept {
        const auto turn = turn_.load(std::memory_order_acquire);
        // Who sees the beginning of a later call sees the end of this one below.
        const auto began = began_.load(std::memory_order_acquire);
        const auto now = ticks_.read();
        const bool same = turn_.load(std::memory_order_relaxed) == turn;
        if (turn % 2 == 0 || !same || began < 0 || now < began) return {-1, -1};
        return {now - began, static_cast<std::int64_t>(turn / 2)};
    }

    // Of the calls that ended, the first 65536 at most, how many are known, and what each took. To
    // be read by who makes the calls.
    std::size_t ended() const noexcept { return ended_; }
    std::int64_t took(std::size_t call) const noexcept { return took_[call]; }

  private:
    void next_turn() noexcept {
        turn_.store(turn_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    const ThreadTicks ticks_;
    // Odd while a call is running.
    std::atomic<std::uint64_t> turn_{0};
    std::atomic<std::int64_t> began_{0};
    static constexpr std::size_t most_kept = 1 << 16;
    // Not touched before it is used: a short watch does not pay for a long one.
    const std::unique_ptr<std::int64_t[]> took_{new (std::nothrow) std::int64_t[most_kept]};
    std::size_t ended_ = 0;
};

}  // namespace gilbench
