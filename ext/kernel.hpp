// A kernel as native code sees it: how to make its state, advance it, and check it.
#pragma once

#include <cstdint>

namespace gilbench {

struct Kernel {
    // How many units are done between two looks at the clock: some 10 microseconds' worth.
    std::uint64_t chunk;
    // Returns the state with all its memory touched by the calling thread, or null.
    void* (*create)(std::uint64_t bytes);
    void (*advance)(void* state, std::uint64_t units);
    std::uint64_t (*checksum)(void* state);
    void (*destroy)(void* state);
};

// A kernel with a state of its own: what one worker works on.
struct Work {
    Kernel kernel;
    void* state;
};

}  // namespace gilbench
