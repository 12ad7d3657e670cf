// The gate at which the workers of a sample wait, in memory that threads share and processes map.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "platform/clock.hpp"
#include "platform/pause.hpp"

namespace gilbench {

enum class Passage : int { opened = 0, aborted = 1, timed_out = 2 };

class Gate {
  public:
    void reset(std::uint32_t workers, std::uint32_t cores) noexcept {
        workers_.store(workers);
        crowded_.store(workers > cores);
        assembled_.store(0);
        arrived_.store(0);
        aborted_.store(0);
        opened_ns_.store(0);
        magic_.store(expected_magic);
    }

    bool valid() const noexcept { return magic_.load() == expected_magic; }
    void abort() noexcept { aborted_.store(1); }
    bool aborted() const noexcept { return aborted_.load(std::memory_order_relaxed) != 0; }
    std::int64_t opened_ns() const noexcept { return opened_ns_.load(std::memory_order_acquire); }

    // To be called detached. Workers first assemble, napping, since some take long to get ready;
    // then they spin, which takes no longer than a nap. The last to arrive opens the gate.
    Passage pass(std::int64_t timeout_ns) noexcept {
        const auto give_up = now_ns() + timeout_ns;
        const auto workers = workers_.load();
        assembled_.fetch_add(1);
        while (assembled_.load() < workers) {
            if (aborted()) return Passage::aborted;
            if (now_ns() > give_up) return Passage::timed_out;
            std::this_thread::sleep_for(nap * (1 + workers / workers_per_nap));
        }
        const bool crowded = crowded_.load() != 0;
        if (arrived_.fetch_add(1) + 1 == workers) {
            opened_ns_.store(now_ns(), std::memory_order_release);
            return Passage::opened;
        }
        for (std::uint32_t spins = 1; opened_ns() == 0; ++spins) {
            relax();
            // With more workers than cores the last one needs a core to arrive on.
            if (crowded && spins % spins_before_yield == 0) std::this_thread::yield();
            if (spins % spins_between_checks == 0) {
                if (aborted()) return Passage::aborted;
                if (now_ns() > give_up) return Passage::timed_out;
            }
        }
        return Passage::opened;
    }

  private:
    static constexpr std::uint64_t expected_magic = 0x676174652d303031;  // "gate-001"
    static constexpr std::uint32_t spins_before_yield = 48;
    static constexpr std::uint32_t spins_between_checks = 4096;
    // Hundreds of workers that all wake every 100 us leave no processor to those still to come.
    static constexpr std::chrono::microseconds nap{100};
    static constexpr std::uint32_t workers_per_nap = 16;

    // 128 bytes: two cache lines on x86 (the adjacent-line prefetcher), one on Apple silicon.
    alignas(128) std::atomic<std::uint64_t> magic_;
    std::atomic<std::uint32_t> workers_;
    std::atomic<std::uint32_t> crowded_;
    alignas(128) std::atomic<std::uint32_t> assembled_;
    alignas(128) std::atomic<std::uint32_t> arrived_;
    alignas(128) std::atomic<std::int64_t> opened_ns_;
    alignas(128) std::atomic<std::uint32_t> aborted_;

    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    static_assert(std::atomic<std::int64_t>::is_always_lock_free);
    static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
};

}  // namespace gilbench
