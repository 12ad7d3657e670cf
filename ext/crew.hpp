// Native threads that run a kernel without any Python: the hardware's ceiling.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "gate.hpp"
#include "kernel.hpp"
#include "meter.hpp"

namespace gilbench {

struct NativeReading {
    double units;
    std::int64_t calls;
    std::int64_t skew_ns;
    std::int64_t wall_ns;
    std::int64_t cpu_ns;
    std::int64_t queue_ns;
    std::int64_t longest_wait_ns;
    std::uint64_t checksum;
};

enum class CrewOutcome : int {
    done = 0,
    out_of_memory = 1,
    no_thread = 2,
    timed_out = 3,
    displaced = 4,
};

// Runs one sample, each worker on its own work, and writes a reading per worker. To be called
// detached. With no window (0) every worker makes `calls` calls. The stops are a lone
// worker's tour or, with no stay, the processors that the workers are kept on, in turn.
inline CrewOutcome run_crew(const Work* const* works, std::uint64_t units_per_call,
                            std::int64_t grain_ns, std::int64_t window_ns, std::int64_t calls,
                            std::uint32_t workers, std::uint32_t cores, std::int64_t timeout_ns,
                            const std::int32_t* stops, std::size_t stop_count, std::int64_t stay_ns,
                            NativeReading* readings) noexcept {
    Gate gate{};
    gate.reset(workers, cores);
    std::atomic<int> outcome{static_cast<int>(CrewOutcome::done)};
    const auto fail = [&](CrewOutcome reason) {
        outcome.store(static_cast<int>(reason));
        gate.abort();
    };
    const auto labour = [&](std::uint32_t worker) noexcept {
        const Work& work = *works[worker];
        // With a stay all is one worker's tour; without, each worker has a processor of its own.
        const auto own = stay_ns > 0 || stop_count == 0 ? 0 : worker % stop_count;
        Meter meter(&gate, window_ns, grain_ns, stops + own,
                    stay_ns > 0 ? stop_count : std::min<std::size_t>(1, stop_count), stay_ns);
        const auto passage = meter.start(timeout_ns);
        if (passage == Passage::opened) {
            for (std::int64_t call = 0; (window_ns > 0 || call < calls) && meter.begin(); ++call)
                meter.end(advance(work, meter, units_per_call));
            meter.close(now_ns());
            readings[worker] = {meter.units,  meter.calls,    meter.seen_ns - meter.opened_ns,
                                meter.wall_ns, meter.cpu_ns, meter.queue_ns,
                                meter.longest_wait_ns,
                                work.kernel.checksum(work.state)};
        } else if (passage == Passage::timed_out) {
            fail(CrewOutcome::timed_out);
        } else if (meter.displaced()) {
            fail(CrewOutcome::displaced);
        }
    };
    std::vector<std::thread> threads;
    try {
        threads.reserve(workers);
        for (std::uint32_t worker = 0; worker < workers; ++worker) threads.emplace_back(labour, worker);
    } catch (const std::bad_alloc&) {
        fail(CrewOutcome::out_of_memory);
    } catch (const std::system_error&) {
        fail(CrewOutcome::no_thread);
    }
    for (auto& thread : threads) thread.join();
    return static_cast<CrewOutcome>(outcome.load());
}

}  // namespace gilbench
