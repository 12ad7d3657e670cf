// What was running or queueing inside the waits for the GIL that were read, and so in all of them.
#pragma once

#include <algorithm>
#include <cstdint>

namespace gilbench {

// To fall asleep and wake up takes about the same, however long the wait; but whoever holds the GIL
// wakes its waiters each time it lets go of it, and mostly in vain, so that long waits hold more
// running than short ones: 25 % of them at grains of 10 microseconds. And those that are read are
// not like the others, since they begin later. So a line is laid through them (least squares).
class ReadWaits {
  public:
    void add(std::int64_t wait_ns, std::int64_t running_ns) noexcept {
        const auto wait = static_cast<double>(wait_ns);
        const auto running = static_cast<double>(running_ns);
        ++count_;
        waits_ += wait;
        running_ += running;
        squares_ += wait * wait;
        products_ += wait * running;
    }

    std::int64_t count() const noexcept { return count_; }

    // Returns the running time to expect within so many waits of such a length in all; 0 where none
    // was read.
    double running_within(std::int64_t waits, std::int64_t length_ns) const noexcept {
        if (count_ == 0) return 0.0;
        const auto count = static_cast<double>(count_);
        const auto spread = squares_ - waits_ * waits_ / count;
        const auto shared = products_ - waits_ * running_ / count;
        const auto slope = spread > 0.0 ? std::clamp(shared / spread, 0.0, 1.0) : 0.0;
        const auto each = (running_ - slope * waits_) / count;
        const auto running = each * static_cast<double>(waits) + slope * static_cast<double>(length_ns);
        return std::clamp(running, 0.0, static_cast<double>(length_ns));
    }

  private:
    std::int64_t count_ = 0;
    double waits_ = 0.0;
    double running_ = 0.0;
    double squares_ = 0.0;
    double products_ = 0.0;
};

}  // namespace gilbench
