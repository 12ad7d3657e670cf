// The loop of `triad`, and its variant for a newer instruction set, chosen as it runs.
//
// Not by target_clones, which asks for a loader that musl is not. Other processors have one variant,
// since their compiler's baseline is new enough (NEON), and so has MSVC, which names variants and
// asks the processor in ways of its own: nobody has measured yet whether they would pay.
#pragma once

#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(_MSC_VER)
#define GILBENCH_HAS_AVX2_VARIANT 1
#endif

namespace gilbench {

using Stretch = void (*)(double* a, const double* b, const double* c, std::uint64_t length);

struct StretchVariant {
    const char* name;
    Stretch stretch;
};

inline void stretch_baseline(double* a, const double* b, const double* c,
                             std::uint64_t length) noexcept {
    for (std::uint64_t index = 0; index < length; ++index) a[index] = b[index] + 3.0 * c[index];
}

#if defined(GILBENCH_HAS_AVX2_VARIANT)
__attribute__((target("avx2"))) inline void stretch_avx2(double* a, const double* b,
                                                         const double* c,
                                                         std::uint64_t length) noexcept {
    for (std::uint64_t index = 0; index < length; ++index) a[index] = b[index] + 3.0 * c[index];
}
#endif

// The best that this processor, and its system, can run.
inline StretchVariant best_stretch() noexcept {
#if defined(GILBENCH_HAS_AVX2_VARIANT)
    if (__builtin_cpu_supports("avx2")) return {"avx2", stretch_avx2};
#endif
    return {"baseline", stretch_baseline};
}

}  // namespace gilbench
