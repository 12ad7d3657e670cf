from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from gilbench._native import truth
from gilbench.evidence import LET_IN_PARTS, Instrument, Observation, ShutOut, Subject
from gilbench.machine import cores
from gilbench.observer import passes, probing
from gilbench.observer.controls import control
from gilbench.observer.passes import observed, shut_out
from gilbench.observer.probing import Requests
from gilbench.observer.timing import timed

from .conftest import MS, Burn, raises


def look_at(
    function: Callable[[], object],
    calls: int = 0,
    span_ns: int = 0,
    *,
    sparing: bool = False,
) -> Observation:
    return observed(
        function,
        size=7,
        round=2,
        subject=Subject.RELEASE,
        calls=calls,
        span_ns=span_ns,
        sparing=sparing,
        seed=1,
    )


def shut_out_by(
    function: Callable[[], object],
    calls: int = 0,
    span_ns: int = 0,
    *,
    call_ns: float = 1_000.0,
) -> ShutOut:
    return shut_out(
        function,
        size=7,
        round=2,
        subject=Subject.PYTHON,
        call_ns=call_ns,
        calls=calls,
        span_ns=span_ns,
        seed=1,
    )


# Watched


def test_an_observation_is_that_of_the_sampler(burn: Burn) -> None:
    found = look_at(burn(50_000, 0), span_ns=20 * MS)
    assert (found.size, found.round, found.subject) == (7, 2, Subject.RELEASE)
    assert found.instrument is Instrument.SAMPLER
    assert (found.asked, found.kept_waiting) == (0, 0)
    assert found.calls == sum(block.calls for block in found.blocks) > 0
    assert found.inside_ns >= found.calls * 50_000
    assert all(block.held == block.samples for block in found.blocks)


def test_a_sparing_one_looks_less_often(burn: Burn) -> None:
    looks = [
        sum(block.samples for block in look_at(burn(60 * MS, 0), 1, sparing=sparing).blocks)
        for sparing in (False, True)
    ]
    assert looks[0] > 2 * looks[1] > 0


@pytest.fixture
def no_sampler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of this version."""
    monkeypatch.setattr(passes, "why_not", lambda: "no offsets for Python 4.0")
    monkeypatch.setattr(passes, "sample", lambda *_, **__: pytest.fail("not to be believed"))


@pytest.mark.usefixtures("no_sampler")
def test_where_the_sampler_cannot_be_believed_the_probe_asks(burn: Burn) -> None:
    found = look_at(burn(0, 200_000), span_ns=60 * MS)
    assert (found.size, found.round, found.subject) == (7, 2, Subject.RELEASE)
    assert found.instrument is Instrument.PROBE
    assert found.blocks == ()
    assert 0 <= found.kept_waiting <= found.asked
    assert found.asked > 0
    assert found.calls > 1
    assert found.inside_ns >= found.calls * 200_000


@pytest.mark.usefixtures("no_sampler")
def test_the_probe_tells_who_holds_from_who_releases(burn: Burn) -> None:
    def share(function: Callable[[], object]) -> float:
        found = look_at(function, span_ns=40 * MS)
        return found.kept_waiting / max(1, found.asked)

    pairs = ((share(burn(200_000, 0)), share(burn(0, 200_000))) for _ in range(20))
    assert any(holding > 0.7 and releasing < 0.3 for holding, releasing in pairs)


@pytest.mark.usefixtures("no_sampler")
@pytest.mark.parametrize("calls", [1, 3])
def test_the_probe_watches_a_number_of_long_calls(calls: int) -> None:
    numbers = itertools.count()

    def long() -> None:
        time.sleep(0.005)
        next(numbers)

    found = look_at(long, calls=calls)
    assert found.calls == calls == next(numbers)
    assert found.inside_ns >= calls * 5 * MS
    assert found.asked > 0


@pytest.mark.usefixtures("no_sampler")
def test_the_probe_leaves_the_switch_interval() -> None:
    before, seen = sys.getswitchinterval(), set()
    look_at(lambda: seen.add(sys.getswitchinterval()), span_ns=5 * MS)
    assert seen == {before}


@pytest.mark.usefixtures("no_sampler")
def test_what_a_probed_call_raises_passes_through() -> None:
    with pytest.raises(LookupError, match="not today"):
        look_at(raises, span_ns=5 * MS)


def test_what_a_watched_call_raises_passes_through() -> None:
    with pytest.raises(LookupError, match="not today"):
        look_at(raises, span_ns=5 * MS)


# Shut out


def test_a_batch_that_holds_shuts_a_newcomer_out_for_all_of_it(burn: Burn) -> None:
    for _ in range(20):
        found = shut_out_by(burn(200_000, 0), span_ns=20 * MS)
        assert (found.size, found.round, found.subject) == (7, 2, Subject.PYTHON)
        assert found.calls >= 1
        assert 200_000 <= found.longest_call_ns <= found.batch_ns
        assert found.batch_ns >= 20 * MS
        assert 0 <= found.typical_wait_ns <= found.longest_wait_ns <= found.batch_ns
        # However busy the machine is: nobody was let in.
        assert found.granted == 0
        if found.typical_wait_ns > 0.8 * found.batch_ns:
            return
    pytest.fail("a newcomer got the GIL in the middle of a batch, time after time")


def test_python_shuts_a_newcomer_out_for_a_little_of_it() -> None:
    def loop() -> None:
        for _ in range(10_000):
            pass

    found = (shut_out_by(loop, span_ns=20 * MS) for _ in range(20))
    assert any(each.granted > 1 and each.typical_wait_ns < 0.3 * each.batch_ns for each in found)


def test_a_batch_of_a_number_of_calls() -> None:
    numbers = itertools.count()
    assert shut_out_by(numbers.__next__, calls=3).calls == 3
    assert next(numbers) == 3


def test_the_switch_interval_of_a_batch_is_short_and_then_restored() -> None:
    before, seen = sys.getswitchinterval(), []

    def meddles() -> None:
        seen.append(sys.getswitchinterval())
        sys.setswitchinterval(0.25)

    shut_out_by(meddles, calls=1)
    assert seen == pytest.approx([1e-6])
    assert sys.getswitchinterval() == before


def test_what_a_call_of_a_batch_raises_passes_through() -> None:
    with pytest.raises(LookupError, match="not today"):
        shut_out_by(raises, calls=3)


@pytest.mark.parametrize("call_ns", [1e3, 3e7, 1e9, 6e10, 4e12])
def test_requests_last_for_a_call_that_they_slow_down(
    call_ns: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Requests(calls=1, longest_call_ns=0, began_ns=0, ended_ns=0, queued_ns=0, waits=())
    pauses: list[int] = []

    def ask_during(*_: object, pause_ns: int, **__: object) -> Requests:
        pauses.append(pause_ns)
        return nothing

    monkeypatch.setattr(passes, "ask_during", ask_during)
    shut_out_by(lambda: None, calls=1, call_ns=call_ns)
    assert pauses[0] == 20_000 or call_ns > 20_000 * 2**15
    assert 2 * call_ns / pauses[0] <= probing._MOST_REQUESTS * 1.001


def batch(monkeypatch: pytest.MonkeyPatch, *waits: tuple[int, int]) -> ShutOut:
    """A batch from 1000 to 2000 on the clock, with requests at these times."""
    requests = Requests(
        calls=4,
        longest_call_ns=250,
        began_ns=1000,
        ended_ns=2000,
        queued_ns=70,
        waits=tuple((asked, got, -1, -1) for asked, got in waits),
    )
    monkeypatch.setattr(passes, "ask_during", lambda *_, **__: requests)
    return shut_out_by(lambda: None, calls=4)


def test_of_a_wait_counts_what_lies_within_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    found = batch(monkeypatch, (900, 1200), (1500, 1600), (1900, 2500))
    assert (found.batch_ns, found.calls, found.longest_call_ns) == (1000, 4, 250)
    assert found.queued_ns == 70
    assert (found.waits, found.longest_wait_ns) == (3, 200)


def test_what_was_asked_for_and_granted_within_the_batch_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = (900, 950), (960, 1100), (1200, 1300), (1400, 1999), (1999, 2000), (2100, 2200)
    assert batch(monkeypatch, *waits).granted == 2


def test_waits_that_do_not_reach_into_the_batch_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = batch(monkeypatch, (0, 1000), (500, 900), (2000, 2100), (3000, 9000))
    assert (found.waits, found.longest_wait_ns, found.typical_wait_ns) == (0, 0, 0)


def test_half_of_all_waiting_was_in_waits_as_long_as_the_typical_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one_late = [(1000 + 10 * n, 1005 + 10 * n) for n in range(60)]
    found = batch(monkeypatch, *one_late, (1700, 1800))
    assert (found.waits, found.longest_wait_ns, found.typical_wait_ns) == (61, 100, 5)
    found = batch(monkeypatch, *one_late[:10], (1700, 1800))
    assert found.typical_wait_ns == 100


def test_a_batch_that_took_no_time_is_none_to_divide_by(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = Requests(calls=1, longest_call_ns=0, began_ns=5, ended_ns=5, queued_ns=0, waits=())
    monkeypatch.setattr(passes, "ask_during", lambda *_, **__: requests)
    assert shut_out_by(lambda: None, calls=1).batch_ns == 1


# Let in

# Seen being let in: so many of them tell where.
ENOUGH = 16


def within(let_in: Sequence[int]) -> float:
    """The share of those that were let in well within a call, and not at its ends."""
    return sum(let_in[3:-3]) / sum(let_in)


def let_in_by(function: Callable[[], object], call_ns: float) -> Iterator[tuple[int, ...]]:
    """Where calls let others in, of as many batches as it takes for enough to be let in.

    A machine that is busy interrupts the calls and keeps who asks away, but not each time.
    """
    seen = [0] * LET_IN_PARTS
    for _ in range(30):
        let_in = shut_out_by(function, span_ns=30 * MS, call_ns=call_ns).let_in
        # It stays empty where a call was kept from the processor for most of its time.
        seen = [sum(part) for part in zip(seen, let_in or [0] * LET_IN_PARTS, strict=True)]
        if sum(seen) >= ENOUGH:
            yield tuple(seen)
            seen = [0] * LET_IN_PARTS


@pytest.mark.skipif(cores() < 2, reason="who asks is to run beside who calls")
@pytest.mark.parametrize("call_ns", [20_000.0, 100_000.0, 1e6])
def test_python_lets_others_in_all_over_a_call(call_ns: float) -> None:
    loop = control(Subject.PYTHON, call_ns)
    assert any(within(let_in) > 0.3 for let_in in let_in_by(loop, call_ns))


@pytest.mark.skipif(cores() < 2, reason="who asks is to run beside who calls")
@pytest.mark.parametrize("call_ns", [100_000, 1_000_000])
def test_a_wrapper_around_c_that_holds_lets_others_in_at_its_ends(call_ns: int) -> None:
    # By its work, not by the clock: who is interrupted has as much left to do.
    numbers = range(call_ns // 20)

    def thin() -> None:
        sum(numbers)

    lengths = timed(thin, size=None, span_ns=5 * MS, gil_before=True)
    assert any(within(let_in) < 0.1 for let_in in let_in_by(thin, lengths.call_ns))


@pytest.mark.skipif(cores() < 2, reason="who asks is to run beside who calls")
def test_python_whose_calls_differ_lets_others_in_all_over_each() -> None:
    lengths = itertools.cycle([range(5_000), range(5_000), range(80_000)])

    def uneven() -> None:
        for _ in next(lengths):
            pass

    call_ns = timed(uneven, size=None, span_ns=5 * MS, gil_before=True).call_ns
    assert any(within(let_in) > 0.3 for let_in in let_in_by(uneven, call_ns))


def test_c_that_holds_lets_nobody_in(burn: Burn) -> None:
    let_in = shut_out_by(burn(100_000, 0), span_ns=20 * MS, call_ns=100_000.0).let_in
    assert set(let_in) <= {0}


def test_where_short_calls_let_others_in_is_not_looked_at() -> None:
    # Of work, however long it may be interrupted for.
    work = partial(sum, range(2_000))
    assert shut_out_by(work, span_ns=5 * MS, call_ns=9_999.0).let_in == ()
    assert len(shut_out_by(work, span_ns=5 * MS, call_ns=10_000.0).let_in) == LET_IN_PARTS


def test_calls_that_wait_do_not_tell_where_they_let_others_in() -> None:
    sleep = partial(time.sleep, 0.005)
    assert shut_out_by(sleep, span_ns=20 * MS, call_ns=5e6).let_in == ()


def test_what_is_really_held_is_what_the_sampler_tells() -> None:
    off = 1.0
    for _ in range(10):
        tally = truth.create()
        found = look_at(partial(truth.burn, tally, 300_000, 700_000, 1), span_ns=100 * MS)
        held_ns, released_ns = truth.tally(tally)
        seen = sum(block.held for block in found.blocks) / sum(b.samples for b in found.blocks)
        off = min(off, abs(seen - held_ns / (held_ns + released_ns)))
        if off < 0.1:
            break
    assert off < 0.1
