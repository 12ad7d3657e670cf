// What whoever asks for the GIL now and then needs beside it: a bell that ends it, and pauses.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "platform/clock.hpp"
#include "platform/pause.hpp"

namespace gilbench {

// Rung by one thread, heard by another.
class Bell {
  public:
    void ring() noexcept { rung_.store(1, std::memory_order_relaxed); }
    bool rung() const noexcept { return rung_.load(std::memory_order_relaxed) != 0; }

  private:
    alignas(128) std::atomic<std::uint32_t> rung_{0};
};

// Pauses of uniformly 0.5 to 1.5 times a mean, so that nothing periodic is asked in step with; of
// the thread that makes it.
class Pauses {
  public:
    void begin(std::int64_t mean_ns, std::uint64_t seed) noexcept {
        mean_ns_ = std::min(mean_ns, longest_ns);
        state_ = seed;
    }

    // To be called detached. Without a mean it is but a breath. The bell ends a pause soon.
    void take(const Bell& bell) noexcept {
        if (mean_ns_ <= 0) {
            relax();
            return;
        }
        auto now = now_ns();
        const auto end_ns =
            now + static_cast<std::int64_t>(static_cast<double>(mean_ns_) * (0.5 + uniform()));
        for (; now < end_ns && !bell.rung(); now = now_ns())
            pause_.until(std::min(end_ns, now + slice_ns));
    }

  private:
    static constexpr std::int64_t slice_ns = 1'000'000;
    static constexpr std::int64_t longest_ns = 1'000'000'000'000'000'000;  // it still adds up

    // From 0 to 1, by SplitMix64 (Steele, Lea and Flood, 2014): any seed is a good one.
    double uniform() noexcept {
        auto mixed = state_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53;
    }

    ExactPause pause_;
    std::int64_t mean_ns_ = 0;
    std::uint64_t state_ = 0;
};

}  // namespace gilbench
