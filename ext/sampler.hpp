// A thread that looks, now and then, whether another thread holds the GIL while in a call.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "layout.h"
#include "platform/clock.hpp"
#include "platform/forks.hpp"
#include "platform/memory.hpp"
#include "platform/pause.hpp"
#include "platform/signals.hpp"
#include "presence.hpp"

namespace gilbench {

// Whole calls, one after another, and how often they were looked into and found to hold.
struct SampledBlock {
    std::uint64_t calls;
    std::uint64_t samples;
    std::uint64_t held;
    // How often a call was found to have let go since it was last found to hold. Each began holding.
    std::uint64_t detaches;
};

// Gathers samples into blocks that are long enough to be compared with each other.
class SampledBlocks {
  public:
    explicit SampledBlocks(std::uint64_t first_call) noexcept : first_(first_call) {}

    // Notes a look that stands for so many samples. Calls are numbered in the order in which they
    // begin.
    void add(std::uint64_t call, bool held, std::uint64_t samples) {
        const bool same = open_.samples > 0 && call == last_;
        if (!same && open_.samples >= enough) close(call);
        const bool held_before = same ? held_ : true;
        open_.samples += samples;
        open_.held += held ? samples : 0;
        open_.detaches += held_before && !held ? 1 : 0;
        last_ = call;
        held_ = held;
    }

    // Ends the last block before the call of this number, which is never to begin.
    void finish(std::uint64_t end) {
        if (open_.samples > 0) close(end);
    }

    const std::vector<SampledBlock>& closed() const noexcept { return closed_; }

  private:
    static constexpr std::uint64_t enough = 64;

    void close(std::uint64_t next) {
        open_.calls = next - first_;
        closed_.push_back(open_);
        open_ = {};
        first_ = next;
    }

    std::vector<SampledBlock> closed_;
    SampledBlock open_{};
    std::uint64_t first_;
    std::uint64_t last_ = 0;
    bool held_ = true;
};

class Sampler {
  public:
    // `thread` is the watched thread's state in Python. It, the presence and what the layout points to
    // must last until the sampler is stopped.
    Sampler(const Presence& presence, const Layout& layout, const void* thread,
            std::int64_t period_ns, std::uint64_t seed) noexcept
        : presence_(presence), layout_(layout), watched_(static_cast<const char*>(thread)),
          period_ns_(static_cast<std::uint64_t>(period_ns)), random_(seed), forks_(forks()),
          switches_before_(switch_number()), blocks_(presence.turn.load() / 2) {}
    Sampler(const Sampler&) = delete;
    Sampler& operator=(const Sampler&) = delete;

    // Returns when the thread runs: a first call that began before would go unseen. Returns false
    // where the system refuses a thread.
    bool start() noexcept {
        try {
            thread_ = std::thread([this] { run(); });
        } catch (const std::system_error&) {
            return false;
        }
        while (!running_.load(std::memory_order_acquire)) std::this_thread::yield();
        return true;
    }

    // To be called attached, when nobody else can take the GIL, before `stop`.
    void count_switches() noexcept {
        if (!stopping_.load()) switches_.store(switch_number() - switches_before_);
    }

    // Ends the thread, if it runs. Returns false in a process forked off, which has none to end.
    bool stop() noexcept {
        if (forks() != forks_) return false;
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_.store(true);
        if (thread_.joinable()) thread_.join();
        return true;
    }

    // It has one owner, or two: who asks it, and the watched thread, which must not end before it is
    // stopped. Each calls `let_go` once, and has no sampler any more.
    void share() noexcept { owners_.fetch_add(1); }
    void let_go() noexcept {
        if (stop() && owners_.fetch_sub(1) == 1) delete this;
    }

    // To be read when it is stopped.
    const std::vector<SampledBlock>& blocks() const noexcept { return blocks_.closed(); }
    bool out_of_memory() const noexcept { return out_of_memory_; }
    std::uint64_t switches() const noexcept { return switches_.load(); }

  private:
    ~Sampler() = default;

    // A pause is no longer, so that nobody waits for the end of a long period to stop it.
    static constexpr std::int64_t longest_pause_ns = 10'000'000;

    void run() noexcept {
        leave_signals_to_others();
        ExactPause pause;
        auto due_ns = now_ns();
        running_.store(true, std::memory_order_release);
        try {
            while (!stopping_.load()) {
                due_ns += jittered();
                auto now = now_ns();
                while (now < due_ns && !stopping_.load()) {
                    pause.until(std::min(due_ns, now + longest_pause_ns));
                    now = now_ns();
                }
                if (now < due_ns) break;
                // Who runs on the core that the sampler wants keeps it from looking, and does so more
                // while it works than while it sleeps: a late look stands for those that were missed.
                const auto missed = static_cast<std::uint64_t>(now - due_ns) / period_ns_;
                if (missed > 0) due_ns = now;
                look(1 + missed);
            }
            blocks_.finish((presence_.turn.load() + 1) / 2);
        } catch (const std::bad_alloc&) {
            out_of_memory_ = true;
        }
    }

    void look(std::uint64_t samples) {
        const auto before = presence_.turn.load(std::memory_order_acquire);
        const bool held = holds();
        const auto after = presence_.turn.load(std::memory_order_acquire);
        // Where a call begins or ends meanwhile, the state is of the one side or of the other.
        if (before != after) take_after_ = !take_after_;
        const auto turn = before != after && take_after_ ? after : before;
        if (Presence::inside(turn)) blocks_.add(turn / 2, held, samples);
    }

    // Whether the GIL is held by the thread in the call, or by one that works for it: whoever else
    // wants it waits the same. Without a GIL, whether the thread in the call is attached.
    bool holds() const noexcept {
        if (layout_.gil != nullptr) return load_foreign(layout_.locked) == taken;
        return load_foreign(reinterpret_cast<const int*>(watched_ + layout_.state)) == taken;
    }

    // Between half a period and one and a half, so that no rhythm of the calls can meet it.
    std::int64_t jittered() noexcept {
        // splitmix64 (Steele, Lea and Flood 2014), which takes any seed.
        auto mixed = random_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return static_cast<std::int64_t>(period_ns_ / 2 + mixed % (period_ns_ + 1));
    }

    unsigned long switch_number() const noexcept {
        return layout_.switches == nullptr ? 0 : *layout_.switches;
    }

    const Presence& presence_;
    const Layout layout_;
    const char* const watched_;
    const std::uint64_t period_ns_;
    std::uint64_t random_;
    const std::uint64_t forks_;
    const unsigned long switches_before_;
    std::atomic<unsigned long> switches_{0};
    SampledBlocks blocks_;
    bool take_after_ = false;
    bool out_of_memory_ = false;
    std::atomic<bool> running_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<int> owners_{1};
    std::mutex mutex_;
    std::thread thread_;
};

}  // namespace gilbench
