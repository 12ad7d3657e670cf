// What one worker reads of itself around its work.
//
// Between two pieces of work of our own kernels a worker does nothing but dispatch, detach and
// attach: a *gap*. What a worker neither runs nor queues for inside its gaps, it waits for the GIL.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "gate.hpp"
#include "kernel.hpp"
#include "platform/clock.hpp"
#include "platform/run_queue.hpp"
#include "read_waits.hpp"
#include "tour.hpp"

namespace gilbench {

class Meter {
  public:
    // To be made by the worker's own thread. No window (0) means fixed work.
    Meter(Gate* gate, std::int64_t window_ns, std::int64_t grain_ns, const std::int32_t* stops,
          std::size_t stop_count, std::int64_t stay_ns) noexcept
        : gate_(gate), tour_(stops, stop_count, stay_ns), window_ns_(window_ns),
          stride_(std::max<std::int64_t>(1, gap_reading_every_ns / std::max<std::int64_t>(grain_ns, 1))) {
        // What a pair of readings costs by itself, to be taken off every gap that is read.
        reading_cost_ns_ = std::numeric_limits<std::int64_t>::max();
        for (int attempt = 0; attempt < 5; ++attempt) {
            const auto before = thread_cpu_ns();
            reading_cost_ns_ = std::min(reading_cost_ns_, thread_cpu_ns() - before);
        }
    }

    // Waits at the gate; to be called detached. The stamp comes first, so that waiting to attach
    // counts from the first moment; the baselines come after the opening, since whatever queueing
    // there was before it is none of the window's.
    // Where this worker cannot be kept on its processor, the sample is called off.
    Passage start(std::int64_t timeout_ns) noexcept {
        displaced_ = !tour_.begin();
        if (displaced_) {
            gate_->abort();
            return Passage::aborted;
        }
        const auto passage = gate_->pass(timeout_ns);
        seen_ns = now_ns();
        if (passage != Passage::opened) return passage;
        opened_ns = gate_->opened_ns();
        deadline_ns_ = window_ns_ > 0 ? opened_ns + window_ns_ : std::numeric_limits<std::int64_t>::max();
        queue_base_ = queue_.waited_ns();
        cpu_base_ = thread_cpu_ns();
        gap_from_ = lap_from_ = lap_read_ns_ = seen_ns;
        gap_read_ = true;
        gap_queue_ = queue_base_;
        gap_cpu_ = lap_cpu_ = cpu_base_;
        lap_queue_ = queue_base_;
        tour_.depart(seen_ns);
        return passage;
    }

    // Asked within a piece of work, never between two: a move is no wait for the GIL.
    bool over() noexcept {
        const auto now = now_ns();
        if (now >= deadline_ns_ || gate_->aborted()) return true;
        travel(now);
        return false;
    }

    // Ends the gap before a piece of work. Returns false when the window is over.
    bool begin() noexcept {
        const auto now = now_ns();
        const bool late = now >= deadline_ns_;
        const auto gap = std::max<std::int64_t>(0, std::min(now, deadline_ns_) - gap_from_);
        if (gap >= shortest_wait_ns) {
            waits_ns_ += gap;
            ++waits_;
            longest_wait_ns = std::max(longest_wait_ns, gap);
            if (gap_read_) {
                // Right after a sleep a reading finds cold caches, and takes longer than it did alone.
                const auto read_cpu = thread_cpu_ns();
                const auto cost = std::max(reading_cost_ns_, now_ns() - now);
                const auto cpu = read_cpu - gap_cpu_ - cost;
                const auto queued = queue_.waited_ns() - gap_queue_;
                read_.add(gap, std::clamp<std::int64_t>(cpu + queued, 0, gap));
            }
        }
        gap_read_ = false;
        if (late || gate_->aborted()) close(std::min(now, deadline_ns_));
        return !closed_;
    }

    // Starts the gap after a piece of work that did `done` units.
    void end(std::uint64_t done) noexcept {
        units += static_cast<double>(done);
        ++calls;
        const auto now = now_ns();
        if (now >= deadline_ns_ || gate_->aborted()) {
            close(std::min(now, deadline_ns_));
            // The work looks at the clock every few microseconds: who comes back from it later
            // stood in the run queue, and what of that lay past the end is not the window's.
            if (now - deadline_ns_ > longest_chunk_ns)
                queue_ns = std::max<std::int64_t>(std::min<std::int64_t>(queue_ns, 0), queue_ns - (now - deadline_ns_));
            return;
        }
        gap_from_ = now;
        if (calls % stride_ == 0) {
            gap_read_ = true;
            gap_queue_ = queue_.waited_ns();
            gap_cpu_ = thread_cpu_ns();
            gap_from_ = now_ns();
        }
    }

    // Moves on when it is time to. Returns the moment after. The way is none of the window's: its
    // end and all baselines shift by what it took.
    std::int64_t travel(std::int64_t now) noexcept {
        if (!tour_.due(now)) return now;
        const auto cpu = thread_cpu_ns();
        const auto queued = queue_.waited_ns();
        const auto arrived = tour_.go_on(now);
        travelled_ns_ += arrived - now;
        if (window_ns_ > 0) deadline_ns_ += arrived - now;
        cpu_base_ += thread_cpu_ns() - cpu;
        queue_base_ += queue_.waited_ns() - queued;
        return arrived;
    }

    // Counts a call that cannot be stamped inside nor stopped in the middle. Of a call that
    // straddles the window's end the share before the end counts. Returns false when it is over.
    bool lap(std::uint64_t done) noexcept {
        const auto now = now_ns();
        ++calls;
        if (now < deadline_ns_ && !gate_->aborted()) {
            units += static_cast<double>(done);
            const auto moment = travel(now);
            // A reading costs about 1.4 microseconds: cheap beside calls of this length.
            if (now - lap_from_ >= shortest_read_lap_ns) {
                lap_queue_ = queue_.waited_ns();
                lap_cpu_ = thread_cpu_ns();
                lap_read_ns_ = moment;
            }
            lap_from_ = moment;
            return true;
        }
        const auto span = std::max<std::int64_t>(1, now - lap_from_);
        const auto inside = static_cast<double>(std::max<std::int64_t>(0, deadline_ns_ - lap_from_));
        units += static_cast<double>(done) * std::min(1.0, inside / static_cast<double>(span));
        close(std::min(now, deadline_ns_));
        if (lap_read_ns_ == lap_from_ && cpu_ns >= 0) {
            const auto share = std::min(1.0, inside / static_cast<double>(span));
            const auto cpu_before = lap_cpu_ - cpu_base_;
            cpu_ns = cpu_before + static_cast<std::int64_t>(share * static_cast<double>(cpu_ns - cpu_before));
            if (queue_ns >= 0) {
                const auto queue_before = lap_queue_ - queue_base_;
                queue_ns = queue_before +
                           static_cast<std::int64_t>(share * static_cast<double>(queue_ns - queue_before));
            }
        }
        return false;
    }

    // Takes the last readings, once.
    void close(std::int64_t end_ns) noexcept {
        if (closed_) return;
        closed_ = true;
        wall_ns = end_ns - opened_ns - travelled_ns_;
        const auto cpu = thread_cpu_ns();
        const auto queued = queue_.waited_ns();
        cpu_ns = cpu < 0 ? -1 : cpu - cpu_base_;
        queue_ns = queued < 0 ? -1 : queued - queue_base_;
        tour_.end();
    }

    bool closed() const noexcept { return closed_; }
    bool aborted() const noexcept { return gate_->aborted(); }
    bool displaced() const noexcept { return displaced_; }

    // Waits to attach, without what of them was running or queueing. The waits that were read tell
    // how much that is, where enough were read to say so.
    std::int64_t gil_wait_ns() const noexcept {
        if (gil_wait_is_bound()) return waits_ns_;
        return waits_ns_ - static_cast<std::int64_t>(read_.running_within(waits_, waits_ns_));
    }
    bool gil_wait_is_bound() const noexcept {
        return cpu_base_ < 0 || (read_.count() < waits_ && read_.count() < enough_read_waits);
    }

    std::int64_t opened_ns = 0;
    std::int64_t seen_ns = 0;
    std::int64_t wall_ns = 0;
    std::int64_t cpu_ns = -1;
    std::int64_t queue_ns = -1;
    std::int64_t calls = 0;
    // The longest gap, whole: what a worker ran or queued for inside it kept it from its work too.
    std::int64_t longest_wait_ns = 0;
    double units = 0.0;

  private:
    // Two readings cost about 3 microseconds: one gap in 250 microseconds keeps that near 1 %.
    static constexpr std::int64_t gap_reading_every_ns = 250'000;
    // Waiting for the GIL goes through the kernel's futex; a shorter gap is dispatch.
    static constexpr std::int64_t shortest_wait_ns = 3'000;
    static constexpr std::int64_t longest_chunk_ns = 50'000;
    static constexpr std::int64_t shortest_read_lap_ns = 100'000;
    static constexpr std::int64_t enough_read_waits = 8;

    Gate* gate_;
    Tour tour_;
    RunQueue queue_;
    std::int64_t window_ns_;
    std::int64_t stride_;
    std::int64_t reading_cost_ns_;
    std::int64_t deadline_ns_ = 0;
    std::int64_t travelled_ns_ = 0;
    std::int64_t cpu_base_ = -1;
    std::int64_t queue_base_ = -1;
    std::int64_t gap_from_ = 0;
    std::int64_t gap_cpu_ = 0;
    std::int64_t gap_queue_ = 0;
    bool gap_read_ = false;
    std::int64_t waits_ = 0;
    std::int64_t waits_ns_ = 0;
    ReadWaits read_;
    std::int64_t lap_from_ = 0;
    std::int64_t lap_read_ns_ = 0;
    std::int64_t lap_cpu_ = 0;
    std::int64_t lap_queue_ = 0;
    bool closed_ = false;
    bool displaced_ = false;
};

// Advances the work by up to `units`, no further than the window's end. Returns the units done.
inline std::uint64_t advance(const Work& work, Meter& meter, std::uint64_t units) noexcept {
    std::uint64_t done = 0;
    while (done < units && !meter.over()) {
        const auto next = std::min(work.kernel.chunk, units - done);
        work.kernel.advance(work.state, next);
        done += next;
    }
    return done;
}

}  // namespace gilbench
