// Takes a lone worker from processor to processor while it works.
//
// Processors differ: in kind, in what runs beside them on the same core, in what their host does
// with them. One worker on one of them says how fast that one was; all workers together run on all
// of them. A base that has visited each of them is the mean that their sum can be compared with.
//
// A single stop is where one of several workers is kept.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "platform/affinity.hpp"
#include "platform/clock.hpp"

namespace gilbench {

class Tour {
  public:
    static constexpr std::size_t most_stops = 64;

    Tour() noexcept = default;
    // To be made by the thread that travels. With no stop it stays where the scheduler puts it.
    Tour(const std::int32_t* stops, std::size_t count, std::int64_t stay_ns) noexcept
        : count_(std::min(count, most_stops)), stay_ns_(std::max<std::int64_t>(1, stay_ns)),
          kept_on_one_(count == 1) {
        std::copy_n(stops, count_, stops_.begin());
        if (count_ > 0 && !affinity_.keep()) count_ = 0;
    }
    ~Tour() { end(); }
    Tour(const Tour&) = delete;
    Tour& operator=(const Tour&) = delete;

    // Goes to the first stop: before the gate, so that no window pays for it. Returns false where
    // one that is to be kept there cannot be; who travels may go on from where it is.
    bool begin() noexcept {
        const bool there = count_ > 0 && affinity_.narrow(stops_[0]);
        return there || !kept_on_one_;
    }

    // Counts stays from this moment on.
    void depart(std::int64_t now) noexcept {
        if (count_ > 1) next_ns_ = now + stay_ns_;
    }

    // Whether a stay is over.
    bool due(std::int64_t now) const noexcept { return now >= next_ns_; }

    // Goes to the next stop, or to the first again. Returns the moment of arrival; the way there,
    // from `now` on, is no part of any stay.
    std::int64_t go_on(std::int64_t now) noexcept {
        at_ = (at_ + 1) % count_;
        affinity_.narrow(stops_[at_]);
        const auto arrived = now_ns();
        next_ns_ += stay_ns_ + arrived - now;
        return arrived;
    }

    // Lets the scheduler choose again.
    void end() noexcept {
        next_ns_ = std::numeric_limits<std::int64_t>::max();
        affinity_.restore();
    }

  private:
    std::array<std::int32_t, most_stops> stops_{};
    std::size_t count_ = 0;
    std::size_t at_ = 0;
    std::int64_t stay_ns_ = 1;
    bool kept_on_one_ = false;
    std::int64_t next_ns_ = std::numeric_limits<std::int64_t>::max();
    Affinity affinity_;
};

}  // namespace gilbench
