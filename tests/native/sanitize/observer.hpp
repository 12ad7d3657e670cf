// The observer's headers: a sampler that watches a GIL that we made up, a probe's pauses, how far
// calls have come, a tally.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expectation.hpp"
#include "platform/clock.hpp"
#include "platform/forks.hpp"
#include "platform/signals.hpp"
#include "presence.hpp"
#include "probe.hpp"
#include "progress.hpp"
#include "sampler.hpp"
#include "truth.hpp"

namespace observer {

using gilbench::now_ns;
using gilbench::Presence;
using gilbench::Progress;
using gilbench::Sampler;

constexpr std::int64_t us = 1'000;
constexpr std::int64_t hour_ns = 3600 * 1000 * ms;

// Written as interpreters write theirs: an int that is no std::atomic, and a count that the lock
// alone guards. A BasicLockable.
class FakeGil {
  public:
    void lock() noexcept {
        static thread_local char self;
        int free = 0;
        while (!__atomic_compare_exchange_n(&locked_, &free, int{gilbench::taken}, false,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            free = 0;
            std::this_thread::yield();
        }
        if (holder_ == &self) return;
        holder_ = &self;
        ++switches_;
    }
    void unlock() noexcept { __atomic_store_n(&locked_, 0, __ATOMIC_RELEASE); }

    // To be read by who holds it.
    unsigned long switches() const noexcept { return switches_; }

    gilbench::Layout layout() const noexcept {
        const auto* self = reinterpret_cast<const char*>(this);
        return {gilbench::internal_headers, self, &locked_, &holder_, &switches_, 0};
    }

  private:
    int locked_ = 0;
    void* holder_ = nullptr;
    unsigned long switches_ = 0;
};
using Attached = std::lock_guard<FakeGil>;

// A thread's state where there is no GIL.
struct FakeThread {
    std::int64_t other = 0;
    int state = 0;
};

// One call, which lets go of the GIL for its second half. To be made attached.
inline void call(FakeGil& gil, Presence& presence) {
    presence.enter();
    gilbench::spin_until(now_ns() + 10 * us);
    gil.unlock();
    gilbench::spin_until(now_ns() + 10 * us);
    gil.lock();
    presence.leave();
}

// Returns how many samples were taken: on a busy machine perhaps none.
inline std::uint64_t sampler_watches_calls(std::uint64_t seed) {
    FakeGil gil;
    Presence presence;
    std::atomic<bool> over{false};
    std::thread rival([&] {
        while (!over) {
            { const Attached attached(gil); }
            std::this_thread::yield();
        }
    });
    gil.lock();
    auto* sampler = new Sampler(presence, gil.layout(), nullptr, 20 * us, seed);
    const auto switches = gil.switches();
    gil.unlock();
    expect(sampler->start(), "a sampler starts");
    gil.lock();
    std::uint64_t calls = 0;
    for (const auto end_ns = now_ns() + 4 * ms; now_ns() < end_ns; ++calls) call(gil, presence);
    sampler->count_switches();
    expect(sampler->switches() == gil.switches() - switches, "a sampler counts switches");
    gil.unlock();
    expect(sampler->stop(), "a sampler stops");
    over = true;
    rival.join();
    std::uint64_t calls_seen = 0, samples = 0;
    for (const auto& block : sampler->blocks()) {
        calls_seen += block.calls;
        samples += block.samples;
        expect(block.held + block.detaches <= block.samples, "a sample holds, or it does not");
    }
    expect(calls_seen == (samples > 0 ? calls : 0) && !sampler->out_of_memory(),
           "a sampler's blocks have all calls");
    sampler->let_go();
    return samples;
}

inline void sampler_watches_a_thread(int state, std::uint64_t seed) {
    // On the heap: a look that comes after the stop is seen.
    auto watched = std::make_unique<FakeThread>();
    auto presence = std::make_unique<Presence>();
    gilbench::Layout layout{};
    layout.state = offsetof(FakeThread, state);
    auto* sampler = new Sampler(*presence, layout, watched.get(), 20 * us, seed);
    expect(sampler->start(), "a sampler starts where there is no GIL");
    __atomic_store_n(&watched->state, state, __ATOMIC_RELEASE);
    presence->enter();
    gilbench::spin_until(now_ns() + 2 * ms);
    presence->leave();
    sampler->count_switches();
    expect(sampler->stop(), "a sampler stops where there is no GIL");
    watched.reset();
    presence.reset();
    const bool held = state == gilbench::taken;
    for (const auto& block : sampler->blocks())
        expect(block.calls == 1 && block.held == (held ? block.samples : 0) &&
                   block.detaches == (held ? 0 : 1) && sampler->switches() == 0,
               "a sampler tells an attached thread from others");
    sampler->let_go();
}

// While calls go on: who asks a sampler and who is watched let go of it, each on a thread.
inline void samplers_come_and_go(std::uint32_t samplers) {
    FakeGil gil;
    Presence presence;
    std::atomic<bool> over{false};
    std::thread caller([&] {
        while (!over) {
            const Attached attached(gil);
            call(gil, presence);
        }
    });
    for (std::uint32_t at = 0; at < samplers; ++at) {
        gil.lock();
        auto* sampler = new Sampler(presence, gil.layout(), nullptr, 20 * us, at);
        gil.unlock();
        sampler->share();
        const bool asked = at % 4 == 0;
        if (at % 4 != 1) expect(sampler->start(), "a sampler starts while calls go on");
        if (asked) std::this_thread::sleep_for(std::chrono::microseconds(500));
        on_threads(2, [&](std::uint32_t owner) {
            if (owner == 0) {
                const Attached attached(gil);
                sampler->count_switches();
                sampler->let_go();
                return;
            }
            if (asked) {
                {
                    const Attached attached(gil);
                    sampler->count_switches();
                }
                expect(sampler->stop(), "a sampler stops while calls go on");
                for (const auto& block : sampler->blocks())
                    expect(block.calls > 0, "no block is without a call");
            }
            sampler->let_go();
        });
    }
    over = true;
    caller.join();
}

inline void long_period_keeps_nobody_waiting() {
    const Presence presence;
    const FakeGil gil;
    auto* sampler = new Sampler(presence, gil.layout(), nullptr, hour_ns, 1);
    expect(sampler->start(), "a sampler starts");
    const auto asked_ns = now_ns();
    sampler->let_go();
    expect(now_ns() - asked_ns < patience_ns, "a sampler with a long period stops at once");
}

// A child has the memory of its parent's sampler, and nobody to join.
inline void sampler_is_its_process_own() {
    expect(gilbench::count_forks() && gilbench::count_forks(), "forks can be counted");
    const Presence presence;
    const FakeGil gil;
    auto* sampler = new Sampler(presence, gil.layout(), nullptr, 50 * us, 1);
    expect(sampler->start(), "a sampler starts");
    const auto before = gilbench::forks();
    const auto child = ::fork();
    if (child == 0) {
        const bool right = gilbench::forks() == before + 1 && !sampler->stop();
        sampler->let_go();
        ::_exit(right ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child leaves a sampler alone");
    expect(gilbench::forks() == before && sampler->stop(), "a parent keeps its sampler");
    sampler->let_go();
}

// Acquired: behind the pointer is what was written before it.
inline void foreign_loads_order_memory() {
    int written = 0;
    int* place = nullptr;
    on_threads(2, [&](std::uint32_t worker) {
        if (worker == 0) {
            written = 7;
            __atomic_store_n(&place, &written, __ATOMIC_RELEASE);
            return;
        }
        const int* seen = nullptr;
        while ((seen = gilbench::load_foreign(&place)) == nullptr) std::this_thread::yield();
        expect(*seen == 7, "a foreign load orders memory");
    });
}

inline void thread_keeps_to_itself() {
    on_threads(1, [](std::uint32_t) {
        const auto slack_ns = ::prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
        {
            gilbench::ExactPause pause;
            for (const auto moment_ns : {std::int64_t{0}, now_ns() + ms / 5}) {
                pause.until(moment_ns);
                expect(now_ns() >= moment_ns, "no pause is too short");
            }
        }
        expect(::prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL) == slack_ns,
               "a pause gives back the slack that it found");
        gilbench::leave_signals_to_others();
        sigset_t left;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &left);
        expect(::sigismember(&left, SIGTERM) == 1 && ::sigismember(&left, SIGSEGV) == 0,
               "signals are left to others, faults are not");
    });
}

inline void bell_ends_pauses(std::uint32_t workers) {
    const auto bell = std::make_unique<gilbench::Bell>();
    std::atomic<std::uint32_t> waiting{0};
    on_threads(workers + 1, [&](std::uint32_t worker) {
        if (worker == workers) {
            while (waiting < workers) std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
            bell->ring();
            return;
        }
        gilbench::Pauses pauses;
        pauses.begin(0, worker);
        pauses.take(*bell);  // but a breath, which needs no bell
        pauses.begin(100 * us, worker);
        const auto began_ns = now_ns();
        pauses.take(*bell);
        expect(now_ns() - began_ns >= 50 * us, "a pause lasts half its mean at least");
        pauses.begin(worker == 0 ? std::numeric_limits<std::int64_t>::max() : hour_ns, worker);
        ++waiting;
        const auto waited_since_ns = now_ns();
        pauses.take(*bell);
        expect(bell->rung() && now_ns() - waited_since_ns < patience_ns, "a bell ends a pause");
    });
}

// While calls go on, some of them with no time between, others ask how far they have come.
inline void calls_tell_how_far_they_have_come(std::uint32_t askers) {
    std::unique_ptr<Progress> made;
    std::atomic<const Progress*> told{nullptr};
    std::atomic<std::uint32_t> asked{0};
    on_threads(askers + 1, [&](std::uint32_t worker) {
        if (worker < askers) {
            const Progress* progress = nullptr;
            while ((progress = told) == nullptr) std::this_thread::yield();
            // Twice within a call, and while calls come and go.
            for (int within = 0; within < 2;) {
                const auto come = progress->come();
                expect(come.ns >= -1 && come.ns < patience_ns,
                       "a call has come as far as it can have");
                if (come.call >= 0) ++within;
            }
            ++asked;
            return;
        }
        made = std::make_unique<Progress>();
        expect(made->come().call == -1 && made->ended() == 0,
               "where no call is none has come anywhere");
        told = made.get();
        for (std::uint32_t call = 0; asked < askers; ++call) {
            made->enter();
            if (call % 4 == 0) {
                gilbench::spin_until(now_ns() + 100 * us);
                expect(made->come().ns > 0, "a call that works comes further");
            }
            made->leave();
        }
        expect(made->ended() > 0 && made->took(0) > 0, "the first call took its time");
    });
    expect(made->come().call == -1, "where the last call has ended none has come anywhere");
}

inline void tally_adds_up(std::uint32_t workers) {
    constexpr std::int64_t burns = 20'000;
    const auto tally = std::make_unique<gilbench::Tally>();
    std::atomic<std::uint32_t> ready{0};
    on_threads(workers + 1, [&](std::uint32_t worker) {
        ++ready;
        // Else each would be done before the next begins.
        while (ready <= workers) std::this_thread::yield();
        for (std::int64_t burn = 0; worker < workers && burn < burns; ++burn) tally->add(3, 5);
        expect(tally->held_ns() <= 3 * burns * workers, "a tally is read while it grows");
    });
    expect(tally->held_ns() == 3 * burns * workers && tally->released_ns() == 5 * burns * workers,
           "a tally adds up");
    tally->reset();
    expect(tally->held_ns() == 0 && tally->released_ns() == 0, "a tally begins anew");
    const auto until_ns = now_ns() + 50 * us;
    expect(gilbench::spin_until(until_ns) >= until_ns && gilbench::spin_until(0) >= until_ns,
           "who spins returns what the clock shows");
    for (const auto took_ns : {std::int64_t{0}, std::int64_t{40}, hour_ns})
        expect(gilbench::held_of_switch(took_ns) == (took_ns == hour_ns ? 50 : took_ns / 2),
               "half of a switch is held, and no more than a switch takes");
}

}  // namespace observer
