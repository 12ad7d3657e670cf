// What the caller of a function tells the thread that watches it: whether a call is running.
#pragma once

#include <atomic>
#include <cstdint>

namespace gilbench {

// Written by the caller alone, read by the watcher, on a cache line of their own.
struct alignas(128) Presence {
    // Odd while a call is running: 2 k + 1 in call number k, 2 k before it.
    std::atomic<std::uint64_t> turn{0};

    void enter() noexcept { turn.store(turn.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
    void leave() noexcept { turn.store(turn.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

    static bool inside(std::uint64_t turn) noexcept { return turn % 2 == 1; }
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace gilbench
