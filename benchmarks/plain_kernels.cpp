// The loops of gilbench's kernels in plain C, and the machine's memory bandwidth as STREAM counts it.
//
// It knows nothing of gilbench: `kernels.py` compiles it and compares. States, checksums and numbers
// are the same, so that the same work is seen to be done.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace {

// From the start of a cache line, and on large pages where there are any, as gilbench's.
template <typename T>
T* memory(std::uint64_t count) {
    void* start = nullptr;
    if (posix_memalign(&start, 64, count * sizeof(T)) != 0) std::abort();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const auto page = reinterpret_cast<std::uintptr_t>(start) / 4096 * 4096;
    if (count * sizeof(T) > 1 << 20) madvise(reinterpret_cast<void*>(page), count * sizeof(T), MADV_HUGEPAGE);
#endif
    return static_cast<T*>(start);
}

void next_random(std::uint64_t& x) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
}

constexpr std::uint64_t seed = 88172645463325252ULL;

struct Spin {
    std::uint64_t x = seed;
    explicit Spin(std::uint64_t) {}
    void advance(std::uint64_t units) {
        auto number = x;
        for (std::uint64_t unit = 0; unit < units; ++unit) next_random(number);
        x = number;
    }
    std::uint64_t checksum() const { return x; }
};

struct Mandelbrot {
    double x = 0, y = 0;
    std::uint64_t steps = 0, point = 0, sum = 0;
    explicit Mandelbrot(std::uint64_t) {}
    void advance(std::uint64_t units) {
        double re = x, im = y;
        auto n = steps, at = point, all = sum;
        double column = -2.0 + 2.5 / 64 * (at % 64), row = -1.25 + 2.5 / 64 * (at / 64);
        for (std::uint64_t unit = 0; unit < units; ++unit) {
            const double re2 = re * re, im2 = im * im;
            if (n == 256 || re2 + im2 > 4.0) {
                all = 31 * all + n;
                at = (at + 1) % 4096;
                column = -2.0 + 2.5 / 64 * (at % 64);
                row = -1.25 + 2.5 / 64 * (at / 64);
                re = im = 0;
                n = 0;
            } else {
                im = 2.0 * re * im + row;
                re = re2 - im2 + column;
                ++n;
            }
        }
        x = re, y = im, steps = n, point = at, sum = all;
    }
    std::uint64_t checksum() const { return 31 * sum + steps; }
};

struct Collatz {
    std::uint64_t start = 1ULL << 31, number = 1ULL << 31, steps = 0, sum = 0;
    explicit Collatz(std::uint64_t) {}
    void advance(std::uint64_t units) {
        auto first = start, n = number, count = steps, all = sum;
        for (std::uint64_t unit = 0; unit < units; ++unit) {
            if (n == 1) {
                all = 31 * all + count;
                first = first == (1ULL << 32) - 1 ? 1ULL << 31 : first + 1;
                n = first;
                count = 0;
            } else if (n % 2 == 0) {
                n /= 2;
                ++count;
            } else {
                n = 3 * n + 1;
                ++count;
            }
        }
        start = first, number = n, steps = count, sum = all;
    }
    std::uint64_t checksum() const { return 31 * sum + steps + number; }
};

struct Triad {
    std::uint64_t length, room, at = 0, done = 0;
    double *a, *b, *c;
    explicit Triad(std::uint64_t bytes)
        : length(bytes / 24), room((length + 7) / 8 * 8), a(memory<double>(3 * room)) {
        b = a + room, c = b + room;
        for (std::uint64_t i = 0; i < length; ++i) {
            a[i] = 0;
            b[i] = i % 1024;
            c[i] = i % 512;
        }
    }
    ~Triad() { std::free(a); }
    static void stretch(double* to, const double* from, const double* too, std::uint64_t first,
                        std::uint64_t end) {
        for (auto i = first; i < end; ++i) to[i] = from[i] + 3.0 * too[i];
    }
    void advance(std::uint64_t units) {
        done += units;
        while (units) {
            const auto end = at + units < length ? at + units : length;
            units -= end - at;
            stretch(a, b, c, at, end);
            at = end == length ? 0 : end;
        }
    }
    std::uint64_t checksum() const {
        auto sum = done;
        for (std::uint64_t i = 0; i < length; i += 512) sum += static_cast<std::uint64_t>(a[i]) * (i + 1);
        return sum;
    }
};

struct Chase {
    std::uint64_t lines, at = 0, done = 0, *next;
    explicit Chase(std::uint64_t bytes) : lines(bytes / 64), next(memory<std::uint64_t>(8 * lines)) {
        for (std::uint64_t i = 0; i < lines; ++i) next[8 * i] = 8 * i;
        auto random = seed;
        for (auto i = lines - 1; i > 0; --i) {
            next_random(random);
            std::swap(next[8 * i], next[8 * (random % i)]);
        }
    }
    ~Chase() { std::free(next); }
    void advance(std::uint64_t units) {
        done += units;
        auto here = at;
        for (std::uint64_t unit = 0; unit < units; ++unit) here = next[here];
        at = here;
    }
    std::uint64_t checksum() const { return done + (at / 8 << 32); }
};

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

#define KERNEL(name, Type)                                                                       \
    extern "C" void* name##_create(std::uint64_t bytes) { return new Type(bytes); }              \
    extern "C" void name##_advance(void* state, std::uint64_t units) {                           \
        static_cast<Type*>(state)->advance(units);                                               \
    }                                                                                            \
    extern "C" std::uint64_t name##_checksum(void* state) {                                      \
        return static_cast<Type*>(state)->checksum();                                            \
    }                                                                                            \
    extern "C" void name##_destroy(void* state) { delete static_cast<Type*>(state); }

KERNEL(spin, Spin)
KERNEL(mandelbrot, Mandelbrot)
KERNEL(collatz, Collatz)
KERNEL(triad, Triad)
KERNEL(chase, Chase)

// Passes over arrays that the threads share out evenly: bytes per second, from the start that they
// all wait for to the last one's end, counted as 24 an element.
extern "C" double bandwidth(std::uint32_t threads, std::uint64_t bytes, std::uint32_t passes) {
    std::atomic<std::uint32_t> ready{0};
    std::atomic<bool> go{false};
    std::vector<double> ends(threads);
    std::vector<std::thread> team;
    std::uint64_t elements = 0;
    for (std::uint32_t thread = 0; thread < threads; ++thread)
        team.emplace_back([&, thread] {
            Triad part(bytes);
            part.advance(part.length);
            ready.fetch_add(1);
            while (!go.load()) std::this_thread::yield();
            part.advance(passes * part.length);
            ends[thread] = now();
        });
    while (ready.load() < threads) std::this_thread::yield();
    const auto start = now();
    go.store(true);
    double end = start;
    for (std::uint32_t thread = 0; thread < threads; ++thread) {
        team[thread].join();
        if (ends[thread] > end) end = ends[thread];
        elements += passes * (bytes / 24);
    }
    return 24.0 * static_cast<double>(elements) / (end - start);
}
