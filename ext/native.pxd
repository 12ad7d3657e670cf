# The plain C++ headers beside this file, as Cython sees them.
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libcpp.vector cimport vector


cdef extern from "platform/clock.hpp" namespace "gilbench" nogil:
    int64_t now_ns() noexcept
    int64_t thread_cpu_ns() noexcept


cdef extern from "platform/forks.hpp" namespace "gilbench" nogil:
    bint count_forks() noexcept
    uint64_t forks() noexcept


cdef extern from "platform/memory.hpp" namespace "gilbench" nogil:
    void prefer_large_pages(void* start, size_t bytes) noexcept


cdef extern from "platform/lifeline.hpp" namespace "gilbench" nogil:
    void end_with(int descriptor, const char* folder) noexcept


cdef extern from "gate.hpp" namespace "gilbench" nogil:
    cdef enum class Passage:
        opened
        aborted
        timed_out

    cdef cppclass Gate:
        void reset(uint32_t workers, uint32_t cores) noexcept
        bint valid() noexcept
        void abort() noexcept
        bint aborted() noexcept
        int64_t opened_ns() noexcept


cdef extern from "presence.hpp" namespace "gilbench" nogil:
    cdef cppclass Presence:
        void enter() noexcept
        void leave() noexcept


cdef extern from "progress.hpp" namespace "gilbench" nogil:
    cdef cppclass Come "gilbench::Progress::Come":
        int64_t ns
        int64_t call
    cdef cppclass Progress:
        void enter() noexcept
        void leave() noexcept
        Come come() noexcept
        size_t ended() noexcept
        int64_t took(size_t call) noexcept


cdef extern from "truth.hpp" namespace "gilbench" nogil:
    cdef cppclass Tally:
        void add(int64_t held_ns, int64_t released_ns) noexcept
        void reset() noexcept
        int64_t held_ns() noexcept
        int64_t released_ns() noexcept

    int64_t held_of_switch(int64_t took_ns) noexcept
    int64_t spin_until(int64_t until_ns) noexcept


cdef extern from "probe.hpp" namespace "gilbench" nogil:
    cdef cppclass Bell:
        void ring() noexcept
        bint rung() noexcept

    cdef cppclass Pauses:
        void begin(int64_t mean_ns, uint64_t seed) noexcept
        void take(const Bell& bell) noexcept


cdef extern from "layout.h" namespace "gilbench" nogil:
    cdef struct Layout:
        pass


cdef extern from "sampler.hpp" namespace "gilbench" nogil:
    cdef struct SampledBlock:
        uint64_t calls
        uint64_t samples
        uint64_t held
        uint64_t detaches

    cdef cppclass Sampler:
        bint start() noexcept
        void count_switches() noexcept
        bint stop() noexcept
        void share() noexcept
        void let_go() noexcept
        const vector[SampledBlock]& blocks() noexcept
        bint out_of_memory() noexcept
        uint64_t switches() noexcept


cdef extern from "kernel.hpp" namespace "gilbench" nogil:
    cdef struct Kernel:
        uint64_t chunk
        void* (*create)(uint64_t bytes) noexcept nogil
        void (*advance)(void* state, uint64_t units) noexcept nogil
        uint64_t (*checksum)(void* state) noexcept nogil
        void (*destroy)(void* state) noexcept nogil

    cdef struct Work:
        Kernel kernel
        void* state


cdef extern from "stretch.hpp" namespace "gilbench" nogil:
    ctypedef void (*Stretch)(
        double* a, const double* b, const double* c, uint64_t length
    ) noexcept nogil

    cdef struct StretchVariant:
        const char* name
        Stretch stretch

    StretchVariant best_stretch() noexcept


cdef extern from "meter.hpp" namespace "gilbench" nogil:
    cdef cppclass Meter:
        Meter(
            Gate* gate, int64_t window_ns, int64_t grain_ns, const int32_t* stops,
            size_t stop_count, int64_t stay_ns,
        ) noexcept
        Passage start(int64_t timeout_ns) noexcept
        bint displaced() noexcept
        bint over() noexcept
        bint begin() noexcept
        void end(uint64_t done) noexcept
        bint lap(uint64_t done) noexcept
        void close(int64_t end_ns) noexcept
        bint closed() noexcept
        bint aborted() noexcept
        int64_t gil_wait_ns() noexcept
        bint gil_wait_is_bound() noexcept
        int64_t opened_ns
        int64_t seen_ns
        int64_t wall_ns
        int64_t cpu_ns
        int64_t queue_ns
        int64_t calls
        int64_t longest_wait_ns
        double units

    uint64_t advance(const Work& work, Meter& meter, uint64_t units) noexcept


cdef extern from "crew.hpp" namespace "gilbench" nogil:
    cdef struct NativeReading:
        double units
        int64_t calls
        int64_t skew_ns
        int64_t wall_ns
        int64_t cpu_ns
        int64_t queue_ns
        int64_t longest_wait_ns
        uint64_t checksum

    cdef enum class CrewOutcome:
        done
        out_of_memory
        no_thread
        timed_out
        displaced

    CrewOutcome run_crew(
        const Work** works, uint64_t units_per_call, int64_t grain_ns, int64_t window_ns,
        int64_t calls, uint32_t workers, uint32_t cores, int64_t timeout_ns,
        const int32_t* stops, size_t stop_count, int64_t stay_ns,
        NativeReading* readings,
    ) noexcept
