// Memory: values that other code writes, and pages.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace gilbench {

// Reads what other code may write meanwhile, of which we cannot make a std::atomic.
template <typename Value> inline Value load_foreign(const Value* place) noexcept {
#if defined(_MSC_VER)
    static_assert(sizeof(std::atomic<Value>) == sizeof(Value));
    return reinterpret_cast<const std::atomic<Value>*>(place)->load(std::memory_order_acquire);
#else
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
#endif
}

// Large pages make first touch cheap and keep address translation out of bandwidth figures.
inline void prefer_large_pages([[maybe_unused]] void* start,
                               [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // Whole pages only: for anything else the system refuses, and says nothing here.
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(start) + page - 1) / page * page;
    const auto end = (reinterpret_cast<std::uintptr_t>(start) + bytes) / page * page;
    if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#endif
}

}  // namespace gilbench
