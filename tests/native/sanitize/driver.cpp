// Exercises the plain C++ headers of ext/ with real threads, for the sanitizers to watch.
//
// Usage: driver ROUNDS. Ends with status 1 where a figure is wrong; the sanitizers end it otherwise.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "crew.hpp"
#include "expectation.hpp"
#include "gate.hpp"
#include "kernel.hpp"
#include "meter.hpp"
#include "observer.hpp"
#include "platform/clock.hpp"
#include "platform/lifeline.hpp"
#include "stretch.hpp"
#include "tour.hpp"

namespace {

using gilbench::Gate;
using gilbench::Meter;
using gilbench::Passage;

// A kernel whose state says how many units were done, in memory of its own.
gilbench::Kernel counter() {
    return {
        64,
        [](std::uint64_t) -> void* { return new std::uint64_t(0); },
        [](void* state, std::uint64_t units) {
            for (std::uint64_t unit = 0; unit < units; ++unit)
                *static_cast<volatile std::uint64_t*>(state) += 1;
        },
        [](void* state) { return *static_cast<std::uint64_t*>(state); },
        [](void* state) { delete static_cast<std::uint64_t*>(state); },
    };
}

class Works {
  public:
    explicit Works(std::uint32_t workers) {
        for (std::uint32_t worker = 0; worker < workers; ++worker)
            works_.push_back({counter(), counter().create(0)});
        for (const auto& work : works_) pointers_.push_back(&work);
    }
    ~Works() {
        for (const auto& work : works_) work.kernel.destroy(work.state);
    }
    Works(const Works&) = delete;
    Works& operator=(const Works&) = delete;

    const gilbench::Work* const* all() const { return pointers_.data(); }
    const gilbench::Work& of(std::uint32_t worker) const { return works_[worker]; }

  private:
    std::vector<gilbench::Work> works_;
    std::vector<const gilbench::Work*> pointers_;
};

void gate_opens_for_all(std::uint32_t workers, std::uint32_t cores) {
    const auto gate = std::make_unique<Gate>();
    int before = 0;  // no atomic: the gate alone must order what was written before it
    std::atomic<int> passed{0};
    for (int again = 0; again < 3; ++again) {
        gate->reset(workers, cores);
        before = again;
        on_threads(workers, [&](std::uint32_t) {
            if (gate->pass(patience_ns) == Passage::opened && before == again &&
                gate->opened_ns() > 0)
                ++passed;
        });
        expect(gate->valid(), "a gate that was reset is valid");
    }
    expect(passed == 3 * static_cast<int>(workers), "all workers pass the gate");
}

// What each worker wrote before the gate, all may read behind it.
void gate_orders_memory(std::uint32_t workers) {
    const auto gate = std::make_unique<Gate>();
    gate->reset(workers, workers);
    std::vector<std::uint64_t> written(workers, 0);
    std::atomic<std::uint64_t> sum{0};
    on_threads(workers, [&](std::uint32_t worker) {
        written[worker] = worker + 1;
        gate->pass(patience_ns);
        std::uint64_t seen = 0;
        for (const auto one : written) seen += one;
        sum += seen;
    });
    expect(sum == std::uint64_t{workers} * workers * (workers + 1) / 2, "the gate orders memory");
}

void gate_is_called_off(std::uint32_t workers) {
    const auto gate = std::make_unique<Gate>();
    gate->reset(workers + 1, 1);
    std::atomic<std::uint32_t> aborted{0};
    on_threads(workers + 1, [&](std::uint32_t worker) {
        if (worker == workers)
            gate->abort();
        else if (gate->pass(patience_ns) == Passage::aborted)
            ++aborted;
    });
    expect(aborted == workers, "all workers are called off");
    gate->reset(2, 1);
    expect(gate->pass(ms) == Passage::timed_out, "a gate times out");
}

void meters_read(std::uint32_t workers, std::int64_t window_ns, std::int64_t calls) {
    const auto gate = std::make_unique<Gate>();
    gate->reset(workers, 2);
    const Works works(workers);
    const std::array<std::int32_t, 4> stops{0, 1, -1, 100'000};
    on_threads(workers, [&](std::uint32_t worker) {
        Meter meter(gate.get(), window_ns, ms / 10, stops.data(), workers == 1 ? stops.size() : 0, ms);
        expect(meter.start(patience_ns) == Passage::opened, "a meter passes the gate");
        const auto& work = works.of(worker);
        for (std::int64_t call = 0; (window_ns > 0 || call < calls) && meter.begin(); ++call)
            meter.end(gilbench::advance(work, meter, 1000));
        meter.close(gilbench::now_ns());
        // On a busy machine a worker may wake when its window is over.
        expect(meter.closed() && meter.wall_ns > 0, "a meter reads its work");
        expect(window_ns > 0 || meter.calls == calls, "a meter counts its calls");
        expect(work.kernel.checksum(work.state) == static_cast<std::uint64_t>(meter.units),
               "a meter counts the units that were done");
        expect(meter.gil_wait_ns() >= 0 || !meter.gil_wait_is_bound(), "a meter sums its waits");
    });
}

void laps_end_with_the_window() {
    const auto gate = std::make_unique<Gate>();
    gate->reset(1, 1);
    Meter meter(gate.get(), 2 * ms, ms, nullptr, 0, 0);
    meter.start(patience_ns);
    while (meter.lap(10)) std::this_thread::sleep_for(std::chrono::microseconds(150));
    expect(meter.closed() && meter.calls > 0, "laps end with the window");
}

// The host calls a sample off from another thread while meters look at the gate.
void work_is_called_off(std::uint32_t workers) {
    const auto gate = std::make_unique<Gate>();
    gate->reset(workers, 2);
    const Works works(workers);
    on_threads(workers + 1, [&](std::uint32_t worker) {
        if (worker == workers) {
            while (gate->opened_ns() == 0) std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::microseconds(300));
            gate->abort();
            return;
        }
        Meter meter(gate.get(), 0, ms, nullptr, 0, 0);
        meter.start(patience_ns);
        while (meter.begin()) meter.end(gilbench::advance(works.of(worker), meter, 5000));
        expect(meter.aborted() && meter.closed(), "work is called off");
    });
}

// A processor that this process may use.
std::int32_t ours() {
    cpu_set_t allowed;
    expect(::sched_getaffinity(0, sizeof allowed, &allowed) == 0, "the system tells processors");
    for (std::int32_t processor = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowed)) return processor;
    return 0;
}

void crew_works(std::uint32_t workers, std::int64_t window_ns, std::size_t stop_count,
                std::int64_t stay_ns) {
    const Works works(workers);
    std::vector<gilbench::NativeReading> readings(workers);
    const std::array<std::int32_t, 2> stops{ours(), ours()};
    const auto outcome = gilbench::run_crew(works.all(), 1000, ms / 10, window_ns, 5, workers, 2,
                                            patience_ns, stop_count > 0 ? stops.data() : nullptr,
                                            stop_count, stay_ns, readings.data());
    expect(outcome == gilbench::CrewOutcome::done, "a crew does its work");
    for (const auto& reading : readings)
        expect(static_cast<double>(reading.checksum) == reading.units && reading.wall_ns > 0,
               "a crew's readings are those of its work");
}

// A tour keeps as many stops as it has room for, and gives back the affinity that it found.
void tours_go_round() {
    std::vector<std::int32_t> stops(1024);
    for (std::size_t at = 0; at < stops.size(); ++at) stops[at] = static_cast<std::int32_t>(at % 2);
    gilbench::Tour tour(stops.data(), stops.size(), 1);
    tour.begin();
    auto now = gilbench::now_ns();
    tour.depart(now);
    for (int stop = 0; stop < 200; ++stop) {
        now = gilbench::now_ns();
        if (tour.due(now)) now = tour.go_on(now);
    }
    tour.end();
    expect(!tour.due(gilbench::now_ns()), "a tour that ended is never due");
    gilbench::Tour nowhere;
    nowhere.begin();
    nowhere.depart(1);
    expect(!nowhere.due(gilbench::now_ns()), "a tour without stops is never due");
}

void stretches_are_whole() {
    const auto best = gilbench::best_stretch();
    for (std::uint64_t length = 0; length < 70; ++length)
        for (std::uint64_t offset = 0; offset < 3; ++offset) {
            // Of just the length, on the heap: one element too far is seen.
            std::vector<double> a(length + offset, -1.0), b(length + offset), c(length + offset);
            for (std::uint64_t at = 0; at < b.size(); ++at) {
                b[at] = static_cast<double>(at);
                c[at] = static_cast<double>(2 * at);
            }
            best.stretch(a.data() + offset, b.data() + offset, c.data() + offset, length);
            for (std::uint64_t at = 0; at < a.size(); ++at)
                expect(a[at] == (at < offset ? -1.0 : 7.0 * static_cast<double>(at)),
                       "a stretch is written whole, and nothing else");
        }
}

// In a child: this one ends the process. The parent must still be single-threaded.
void lifeline_ends_the_process() {
    char folder[] = "/tmp/gilbench-sanitize-XXXXXX";
    expect(::mkdtemp(folder) != nullptr, "a folder can be made");
    std::ofstream(std::string(folder) + "/file") << "kept until the end";
    int ends[2];
    expect(::pipe(ends) == 0, "a pipe can be made");
    const auto child = ::fork();
    if (child == 0) {
        ::close(ends[1]);
        gilbench::end_with(ends[0], folder);
    }
    ::close(ends[0]);
    ::close(ends[1]);
    int status = 0;
    ::waitpid(child, &status, 0);
    expect(WIFEXITED(status) && WEXITSTATUS(status) == 1, "the lifeline ends the process");
    expect(::access(folder, F_OK) != 0, "the lifeline removes the folder");
}

}  // namespace

int main(int count, char** arguments) {
    const int rounds = count > 1 ? std::atoi(arguments[1]) : 1;
    lifeline_ends_the_process();
    stretches_are_whole();
    std::uint64_t samples = 0;
    for (int round = 0; round < rounds; ++round) {
        for (const std::uint32_t workers : {1U, 2U, 5U}) {
            gate_opens_for_all(workers, 2);
            gate_opens_for_all(workers, workers);
            gate_orders_memory(workers);
            gate_is_called_off(workers);
            meters_read(workers, 3 * ms, 0);
            meters_read(workers, 0, 5);
            work_is_called_off(workers);
            crew_works(workers, 2 * ms, 0, 0);
            crew_works(workers, 0, 2, 0);
            observer::bell_ends_pauses(workers);
            observer::calls_tell_how_far_they_have_come(workers);
            observer::tally_adds_up(workers);
        }
        crew_works(1, 3 * ms, 2, ms);
        laps_end_with_the_window();
        tours_go_round();
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            samples += observer::sampler_watches_calls(seed);
            for (const int state : {0, 1, 2}) observer::sampler_watches_a_thread(state, seed);
        }
        observer::samplers_come_and_go(20);
        observer::long_period_keeps_nobody_waiting();
        observer::sampler_is_its_process_own();
        observer::foreign_loads_order_memory();
        observer::thread_keeps_to_itself();
    }
    expect(samples > 0, "a sampler sees calls");
    std::printf("%d rounds\n", rounds);
    return 0;
}
