"""Do channels take in `facts communication` what they take in a bare loop? And what do we add?

`python benchmarks/facts_communication.py [channel …]` prints, for each channel, payload and number
of cores, what a round trip and a payload of a stream take by a trial, by a bare loop with the same
primitive, and their ratio. The two take turns in one process; of the rounds that counts which a
quarter were quicker than: where what a trip takes jumps between two values, the middle one tells
nothing. Then what a trial of nothing takes, as a share of the quickest round trip. Status 1 where a
ratio is not within 10 %, or that share above 5 %.
"""

from __future__ import annotations

import os
import pickle
import queue
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import repeat
from multiprocessing.managers import BaseManager
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import numpy as np

from gilbench.comparison import Way
from gilbench.machine import pinnable
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.channel import Near
from gilbench.trials.communication.pace import time_trips
from gilbench.trials.communication.trial import perform
from gilbench.trials.tried import UnavailableError
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND = 0.10
BOUND_OF_NOTHING = 0.05
SIZES = (64, 2**16)
ROUNDS = 15
SPAN_NS = 4_000_000
WARM = 20
MOST_TRIPS = 2000
clock = time.perf_counter_ns


@dataclass(frozen=True, kw_only=True)
class Bare:
    """A channel as anyone would write it: what each side calls to send and to receive.

    Without `far_receive` there is no other side: `send` returns the answer, `push` sends only.
    """

    payload: Any
    send: Callable[[Any], Any]
    receive: Callable[[], Any] | None = None
    push: Callable[[Any], Any] | None = None
    far_receive: Callable[[], Any] | None = None
    far_send: Callable[[Any], Any] | None = None
    source: str | None = None


def bare_loop(name: str, size: int, cores: int, *, trips: int, pushes: int) -> tuple[float, float]:
    """Return the median nanoseconds of a trip, and those of a payload of a stream."""
    here, there = (pinnable()[0], pinnable()[cores - 1]) if cores else (None, None)
    before = os.sched_getaffinity(0) if cores else set()
    with ExitStack() as stack:
        if cores:
            stack.callback(os.sched_setaffinity, 0, before)
            os.sched_setaffinity(0, {there})
        bare = stack.enter_context(BARE[name](size))
        if cores:
            os.sched_setaffinity(0, {here})
        reading, writing = os.pipe()
        stack.callback(os.close, reading)
        stack.callback(os.close, writing)
        arguments = (bare.far_receive, bare.far_send, trips + WARM, pushes, writing, there)
        stack.enter_context(peer(name, bare, arguments))
        taken = time_bare_trips(bare, trips + WARM)
        payload, push = bare.payload, bare.push or bare.send
        os.read(reading, 1)
        began = clock()
        for _ in repeat(None, pushes):
            push(payload)
        if bare.push is None:
            os.read(reading, 1)
        each = (clock() - began) / pushes
    return median(taken[WARM:]), each


def time_bare_trips(bare: Bare, trips: int) -> list[int]:
    payload, send, receive, taken = bare.payload, bare.send, bare.receive, []
    if receive is None:
        for _ in repeat(None, trips):
            began = clock()
            send(payload)
            taken.append(clock() - began)
        return taken
    for _ in repeat(None, trips):
        began = clock()
        send(payload)
        receive()
        taken.append(clock() - began)
    return taken


def work(receive: Any, send: Any, trips: int, pushes: int, done: int, processor: Any) -> None:
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    for _ in repeat(None, trips):
        send(receive())
    os.write(done, b"!")
    for _ in repeat(None, pushes):
        receive()
    os.write(done, b"!")


@contextmanager
def peer(name: str, bare: Bare, arguments: tuple[Any, ...]) -> Iterator[None]:
    if bare.push is not None:
        os.write(arguments[4], b"!")
        yield
        return
    if bare.source is not None:
        import concurrent.interpreters as interpreters

        interpreter = interpreters.create()
        told = bare.source.format(
            path=sys.path,
            trips=arguments[2],
            pushes=arguments[3],
            done=arguments[4],
            processor=arguments[5],
        )
        worker: Any = threading.Thread(target=interpreter.exec, args=(told,))
    elif Way.THREAD in CHANNELS[name].ways:
        worker = threading.Thread(target=work, args=arguments)
    else:
        worker = context(Way.FORK).Process(target=work, args=arguments)
    worker.start()
    yield
    worker.join()
    if bare.source is not None:
        interpreter.close()


def data(size: int) -> bytes:
    return bytes(range(64)) * (size // 64)


@contextmanager
def reference(size: int) -> Iterator[Bare]:
    there_free, there_full = threading.Lock(), threading.Lock()
    back_free, back_full = threading.Lock(), threading.Lock()
    there_full.acquire()
    back_full.acquire()
    there: Any = None
    back: Any = None

    def send(payload: Any) -> None:
        nonlocal there
        there_free.acquire()
        there = payload
        there_full.release()

    def far_receive() -> Any:
        there_full.acquire()
        payload = there
        there_free.release()
        return payload

    def far_send(payload: Any) -> None:
        nonlocal back
        back_free.acquire()
        back = payload
        back_full.release()

    def receive() -> Any:
        back_full.acquire()
        payload = back
        back_free.release()
        return payload

    yield Bare(
        payload=data(size), send=send, receive=receive, far_receive=far_receive, far_send=far_send
    )


def queues(make: Callable[[], Any]) -> Callable[[int], Any]:
    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        there, back = make(), make()
        yield Bare(
            payload=data(size),
            send=there.put,
            receive=back.get,
            far_receive=there.get,
            far_send=back.put,
        )
        for each in (there, back):
            if hasattr(each, "close"):
                each.close()
            if hasattr(each, "join_thread"):
                each.join_thread()

    return two


@contextmanager
def pipe(size: int) -> Iterator[Bare]:
    ours, theirs = context(Way.FORK).Pipe()
    with ours, theirs:
        yield Bare(
            payload=data(size),
            send=ours.send,
            receive=ours.recv,
            far_receive=theirs.recv,
            far_send=theirs.send,
        )


@contextmanager
def array(size: int) -> Iterator[Bare]:
    def ends(connection: Any) -> tuple[Any, Any]:
        def send(payload: Any) -> None:
            connection.send_bytes(pickle.dumps(payload, 5))

        return send, lambda: pickle.loads(connection.recv_bytes())

    with two_ends(ends, np.frombuffer(bytearray(data(size)), dtype="u8")) as bare:
        yield bare


@contextmanager
def array_beside(size: int) -> Iterator[Bare]:
    def ends(connection: Any) -> tuple[Any, Any]:
        def send(payload: Any) -> None:
            buffers: list[Any] = []
            connection.send_bytes(pickle.dumps(payload, 5, buffer_callback=buffers.append))
            for buffer in buffers:
                connection.send_bytes(buffer.raw())

        def receive() -> Any:
            head = connection.recv_bytes()
            return pickle.loads(head, buffers=[connection.recv_bytes()])

        return send, receive

    with two_ends(ends, np.frombuffer(bytearray(data(size)), dtype="u8")) as bare:
        yield bare


@contextmanager
def two_ends(ends: Callable[[Any], tuple[Any, Any]], payload: Any) -> Iterator[Bare]:
    ours, theirs = context(Way.FORK).Pipe()
    with ours, theirs:
        (send, receive), (far_send, far_receive) = ends(ours), ends(theirs)
        yield Bare(
            payload=payload, send=send, receive=receive, far_receive=far_receive, far_send=far_send
        )


def sockets(connect: Callable[[], tuple[socket.socket, socket.socket]]) -> Callable[[int], Any]:
    def receiver(end: socket.socket, size: int) -> Callable[[], Any]:
        def receive() -> bytearray:
            payload = bytearray(size)
            view = memoryview(payload)
            got = 0
            while got < size:
                got += end.recv_into(view[got:])
            return payload

        return receive

    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        ours, theirs = connect()
        with ours, theirs:
            yield Bare(
                payload=data(size),
                send=ours.sendall,
                receive=receiver(ours, size),
                far_receive=receiver(theirs, size),
                far_send=theirs.sendall,
            )

    return two


def connect_tcp() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    for end in (ours, theirs):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


@contextmanager
def shared_memory(size: int) -> Iterator[Bare]:
    with ExitStack() as stack:
        blocks = [SharedMemory(create=True, size=size) for _ in range(2)]
        for block in blocks:
            stack.callback(block.close)
            block.unlink()
        semaphores = [[context(Way.FORK).Semaphore(number) for number in (1, 0)] for _ in blocks]

        def sender(block: Any, free: Any, full: Any) -> Callable[[Any], None]:
            def send(payload: Any) -> None:
                free.acquire()
                block.buf[:size] = payload
                full.release()

            return send

        def receiver(block: Any, free: Any, full: Any) -> Callable[[], Any]:
            def receive() -> bytes:
                full.acquire()
                payload = bytes(block.buf[:size])
                free.release()
                return payload

            return receive

        there, back = ((block, *pair) for block, pair in zip(blocks, semaphores, strict=True))
        yield Bare(
            payload=data(size),
            send=sender(*there),
            receive=receiver(*back),
            far_receive=receiver(*there),
            far_send=sender(*back),
        )


@contextmanager
def in_place(size: int) -> Iterator[Bare]:
    block = SharedMemory(create=True, size=size)
    block.unlink()
    there, back = (context(Way.FORK).Semaphore(0) for _ in range(2))
    yield Bare(
        payload=None,
        send=lambda _: there.release(),
        receive=back.acquire,
        far_receive=there.acquire,
        far_send=lambda _: back.release(),
    )
    block.close()


class Echo:
    """The object that lives with the manager."""

    def answer(self, payload: bytes) -> bytes:
        """Return the payload."""
        return payload

    def take(self, payload: bytes) -> None:
        """Return nothing."""


class Manager(BaseManager):
    """A manager of such objects."""


Manager.register("echo", Echo)


@contextmanager
def manager(size: int) -> Iterator[Bare]:
    with Manager(ctx=context(Way.FORK)) as made:
        echo: Any = made.echo()  # type: ignore[attr-defined]
        yield Bare(payload=data(size), send=echo.answer, push=echo.take)


SOURCE = """
import sys
sys.path[:] = {{path!r}}
import os
from itertools import repeat
from concurrent.interpreters import Queue
if {{processor!r}} is not None:
    os.sched_setaffinity(0, {{{{{{processor!r}}}}}})
there, back = Queue({there}), Queue({back})
def polled():
    while there.empty():
        os.sched_yield()
    return there.get_nowait()
receive = {receive}
for _ in repeat(None, {{trips}}):
    back.put(receive())
os.write({{done}}, b"!")
for _ in repeat(None, {{pushes}}):
    receive()
os.write({{done}}, b"!")
"""


def interpreter_queues(receive: str) -> Callable[[int], Any]:
    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        if sys.version_info < (3, 14):
            raise UnavailableError("the bare loop is written for Python 3.14")
        from concurrent.interpreters import create_queue

        there, back = create_queue(), create_queue()

        def polled() -> Any:
            while back.empty():
                os.sched_yield()
            return back.get_nowait()

        yield Bare(
            payload=data(size),
            send=there.put,
            receive=polled if receive == "polled" else back.get,
            source=SOURCE.format(there=there.id, back=back.id, receive=receive),
        )

    return two


BARE: dict[str, Callable[[int], Any]] = {
    "reference": reference,
    "queue": queues(queue.Queue),
    "simple-queue": queues(queue.SimpleQueue),
    "interpreter-queue": interpreter_queues("there.get"),
    "interpreter-queue-polled": interpreter_queues("polled"),
    "process-queue": queues(lambda: context(Way.FORK).Queue()),
    "process-simple-queue": queues(lambda: context(Way.FORK).SimpleQueue()),
    "pipe": pipe,
    "array": array,
    "array-beside": array_beside,
    "socketpair": sockets(socket.socketpair),
    "tcp": sockets(connect_tcp),
    "shared-memory": shared_memory,
    "shared-memory-in-place": in_place,
    "manager": manager,
}


def compare(name: str, size: int, cores: int) -> Iterator[tuple[str, float, float]]:
    """Yield what is compared, with our figure and that of the bare loops."""
    way = CHANNELS[name].ways[0]
    parameters = {"sizes": str(size), "laps": 1, "span_ns": SPAN_NS, "cores": cores}
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    trips, pushes = 100, 100
    for round in range(ROUNDS):
        turns = [True, False] if round % 2 else [False, True]
        for is_ours in turns:
            if is_ours or not ours:
                figures = perform(name, way, parameters, 0).figures
                (trip,), (rate,) = figures["trip_p50_ns"], figures["pushes_per_s"]
                trips = max(1, min(MOST_TRIPS, round_to(SPAN_NS / trip)))
                pushes = max(1, round_to(rate * SPAN_NS / 1e9))
                if is_ours:
                    ours.append((trip, 1e9 / rate))
            if not is_ours:
                bare.append(bare_loop(name, size, cores, trips=trips, pushes=pushes))
    for place, figure in enumerate(("trip", "stream")):
        yield figure, quartile(ours, place), quartile(bare, place)


def quartile(rounds: list[tuple[float, float]], place: int) -> float:
    return quantiles((each[place] for each in rounds), n=4)[0]


def round_to(number: float) -> int:
    return int(number + 0.5)


def main(names: list[str]) -> int:
    """Print the ratios. Return how many bounds are missed."""
    print(f"Python {sys.version.split()[0]}: microseconds, bound {BOUND:.0%}")
    quickest, missed = float("inf"), 0
    for name in names or BARE:
        for cores in (1, 2)[: len(pinnable())] or (0,):
            for size in SIZES:
                try:
                    for figure, ours, bare in compare(name, size, cores):
                        ratio = ours / bare
                        # Of what sleeps until its next look, streams tell nothing.
                        counts = (name, figure) != ("interpreter-queue", "stream")
                        misses = counts and abs(ratio - 1) > BOUND
                        missed += misses
                        if figure == "trip":
                            quickest = min(quickest, ours)
                        print(
                            f"{name:26} {size:6} B, {cores} core(s), {figure:6}"
                            f" {ours / 1e3:10.3f}, bare {bare / 1e3:10.3f}, ratio {ratio:.3f}"
                            f"{'  MISSED' if misses else ''}",
                            flush=True,
                        )
                except UnavailableError as error:
                    print(f"{name:26} {error}")
    nothing = Near(send=int, receive=float, push=int, end=lambda: None)
    null = median(median(time_trips(nothing, 0, 4000)) for _ in range(ROUNDS))
    share = null / quickest
    missed += share > BOUND_OF_NOTHING
    print(
        f"a trial of nothing: {null:.0f} ns, {share:.1%} of the quickest round trip,"
        f" {quickest / 1e3:.2f} us (bound {BOUND_OF_NOTHING:.0%})"
    )
    return missed


if __name__ == "__main__":
    # A spawned worker imports the main module: in a process without one it does not.
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import facts_communication\n"
        f"sys.exit(min(1, facts_communication.main({sys.argv[1:]!r})))"
    )
    sys.exit(subprocess.run([sys.executable, "-c", code], check=False).returncode)
