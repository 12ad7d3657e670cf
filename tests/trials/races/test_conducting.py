from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from mmap import mmap

import pytest

from gilbench._native import meter
from gilbench.trials.races.conducting import conduct
from gilbench.trials.races.forms import Subject
from gilbench.trials.races.lanes import Lanes, size
from gilbench.trials.races.running import count


@dataclass
class FakeWorker:
    """Ends when it is asked the `ends_at`th time, null: never."""

    problem: str | None = None
    ends_at: int | None = 1
    pid: int = 1
    asked: list[float | None] = field(default_factory=list)
    endings: int = 0

    def wait(self, seconds: float | None = None) -> None:
        pass

    def join(self, seconds: float | None = None) -> bool:
        self.asked.append(seconds)
        return self.ends_at is not None and len(self.asked) >= self.ends_at

    def end(self) -> None:
        self.endings += 1


SUBJECT = Subject(update=len, kept=lambda: 70, forget=lambda: None)


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    with Lanes(mmap(-1, size(2)), 2) as lanes:
        yield lanes


def script(*answers: int | Exception) -> Callable[[], int]:
    left = list(answers)

    def receive() -> int:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return receive


def never() -> int:
    raise AssertionError("nothing is sent")


def test_the_owner_counts_until_all_have_sent_their_end() -> None:
    kept, _ = count(script(1, 0, 1, 1, 0))
    assert kept == 3


def test_what_came_of_each_race_is_told(lanes: Lanes) -> None:
    workers = [FakeWorker(), FakeWorker(ends_at=2)]
    for lane in lanes:
        lane.tell(0, 60, 500)
        lane.tell(1, 40, 900)
    plain, sent = conduct(
        lanes,
        ["cell", "message"],
        [SUBJECT, SUBJECT],
        start=lambda worker: workers[worker],
        receive=script(1, queue.Empty(), 1, 0, 0),
    )
    assert (plain.form, plain.made, plain.kept, plain.elapsed_ns) == ("cell", 100, 70, 900)
    assert (sent.form, sent.made, sent.kept) == ("message", 100, 2)
    assert sent.elapsed_ns > 900
    assert [worker.endings for worker in workers] == [1, 1]


def test_nobody_is_waited_for_who_is_gone(lanes: Lanes) -> None:
    workers = [FakeWorker(problem="it broke"), FakeWorker(ends_at=2)]
    with pytest.raises(RuntimeError, match="it broke"):
        conduct(
            lanes,
            ["message", "cell"],
            [SUBJECT, SUBJECT],
            start=lambda worker: workers[worker],
            receive=script(1, queue.Empty(), queue.Empty()),
        )
    assert [worker.endings for worker in workers] == [1, 1]


def test_a_pipe_that_ends_is_a_worker_that_failed(lanes: Lanes) -> None:
    with pytest.raises(RuntimeError, match="the last updates did not arrive") as caught:
        conduct(
            lanes,
            ["message", "cell"],
            [SUBJECT, SUBJECT],
            start=lambda _: FakeWorker(),
            receive=script(1, EOFError()),
        )
    assert isinstance(caught.value.__cause__, EOFError)


def test_a_worker_that_does_not_end_is_ended(lanes: Lanes) -> None:
    workers = [FakeWorker(), FakeWorker(ends_at=None)]
    with pytest.raises(RuntimeError, match="a worker did not end"):
        conduct(
            lanes,
            ["cell", "cell"],
            [SUBJECT, SUBJECT],
            start=lambda worker: workers[worker],
            receive=never,
        )
    assert workers[1].endings == 1


def test_who_was_started_before_one_that_was_refused_is_called_off_and_ended(
    lanes: Lanes,
) -> None:
    first = FakeWorker()

    def start(worker: int) -> FakeWorker:
        if worker == 1:
            raise OSError("no more processes")
        return first

    with pytest.raises(OSError, match="no more processes"):
        conduct(lanes, ["cell", "cell"], [SUBJECT, SUBJECT], start=start, receive=never)
    assert (len(first.asked), first.endings) == (1, 1)
    for lane in lanes:
        with pytest.raises(InterruptedError):
            meter.start(meter.create(lane.gate, 0, 1_000_000), 10**9)
