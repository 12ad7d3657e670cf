// What two native workers and a meter read where the system tells less than Linux does.
#include <cinttypes>
#include <cstdio>
#include <ctime>

#if defined(WITHOUT_CPU_TIME)
#undef CLOCK_THREAD_CPUTIME_ID
#define CLOCK_THREAD_CPUTIME_ID 12345
#endif

#include "crew.hpp"

using namespace gilbench;

int main() {
    std::uint64_t counts[2] = {0, 0};
    const Kernel kernel{
        1000,
        nullptr,
        [](void* state, std::uint64_t units) {
            volatile std::uint64_t* count = static_cast<std::uint64_t*>(state);
            for (std::uint64_t unit = 0; unit < units; ++unit) *count = *count + 1;
        },
        [](void* state) { return *static_cast<std::uint64_t*>(state); },
        nullptr,
    };
    const Work works[2] = {{kernel, &counts[0]}, {kernel, &counts[1]}};
    const Work* const crew[2] = {&works[0], &works[1]};
    const std::int32_t stops[2] = {0, 1};
    NativeReading readings[2]{};
    constexpr std::int64_t ms = 1'000'000;
    const auto outcome =
        run_crew(crew, 1000, ms, 0, 3, 2, 2, 60'000 * ms, nullptr, 0, 0, readings);
    std::printf("outcome %d\n", static_cast<int>(outcome));
    for (const auto& reading : readings)
        std::printf("worker %d %" PRId64 " %" PRId64 "\n", reading.units > 0 ? 1 : 0, reading.cpu_ns,
                    reading.queue_ns);

    Gate gate{};
    gate.reset(1, 1);
    Meter meter(&gate, 0, ms, stops, 2, ms);
    meter.start(ms);
    for (int call = 0; call < 3; ++call) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        meter.begin();
        meter.end(1);
    }
    meter.close(now_ns());
    std::printf("meter %" PRId64 " %" PRId64 " %d\n", meter.cpu_ns, meter.queue_ns,
                meter.gil_wait_is_bound() ? 1 : 0);
}
