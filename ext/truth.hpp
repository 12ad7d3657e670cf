// What calls of a known held share really held and released: what instruments are judged by.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "platform/clock.hpp"

namespace gilbench {

// Added to by whoever burns, from any thread.
class Tally {
  public:
    void add(std::int64_t held_ns, std::int64_t released_ns) noexcept {
        held_ns_.fetch_add(held_ns, std::memory_order_relaxed);
        released_ns_.fetch_add(released_ns, std::memory_order_relaxed);
    }
    void reset() noexcept {
        held_ns_.store(0, std::memory_order_relaxed);
        released_ns_.store(0, std::memory_order_relaxed);
    }
    std::int64_t held_ns() const noexcept { return held_ns_.load(std::memory_order_relaxed); }
    std::int64_t released_ns() const noexcept { return released_ns_.load(std::memory_order_relaxed); }

  private:
    alignas(128) std::atomic<std::int64_t> held_ns_{0};
    std::atomic<std::int64_t> released_ns_{0};
};

// How much of a switch (detaching or attaching, by the stamps around it) was still, or already,
// held. Where in it the GIL changes hands cannot be seen: half of one that nobody contends for. A
// longer one was a wait, and whoever waits does not hold.
inline std::int64_t held_of_switch(std::int64_t took_ns) noexcept {
    constexpr std::int64_t most_ns = 50;
    return std::min(took_ns / 2, most_ns);
}

// Keeps the processor busy until the clock shows `until_ns`. Returns what it shows then.
inline std::int64_t spin_until(std::int64_t until_ns) noexcept {
    auto now = now_ns();
    while (now < until_ns) now = now_ns();
    return now;
}

}  // namespace gilbench
