// What the parts of the driver have in common: how they say what is wrong, and who does the work.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t patience_ns = 60'000 * ms;

inline void expect(bool right, const char* what) {
    if (right) return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

template <typename Labour> void on_threads(std::uint32_t workers, Labour labour) {
    std::vector<std::thread> threads;
    for (std::uint32_t worker = 0; worker < workers; ++worker) threads.emplace_back(labour, worker);
    for (auto& thread : threads) thread.join();
}
