"""In processes of their own: a zygote is forked from a single thread, and pytest has more."""

from __future__ import annotations

import os
import textwrap

import pytest

import scripts

if not hasattr(os, "fork"):
    pytest.skip("there is no fork here", allow_module_level=True)

BEGIN = """
import os, signal, socket, struct, sys, time
import psutil
from gilbench._native import gate
from gilbench.backends import processes
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.memory import shared_gate
from gilbench.backends.processes import ProcessesCrew
from gilbench.backends.zygote import Zygote
from gilbench.model import Mode
from gilbench.worker import Order
from processes import gone_soon

def order(workers):
    return Order(workload="spin", mode=Mode.HOLD, workers=workers, cores=2, grain_ns=10**6,
                 units_per_call=100, window_ns=None, calls=1, timeout_ns=10**10)

def gone(pid):
    return gone_soon(pid, 5)
"""


def output_of(script: str) -> list[str]:
    return scripts.output_of(BEGIN + textwrap.dedent(script), "-W", "error").splitlines()


def test_its_workers_are_its_children_and_serve() -> None:
    assert output_of("""
        zygote = Zygote([])
        connection, pid = zygote.worker()
        with shared_gate() as (entrance, path):
            connection.send(path)
            print(connection.recv() == pid)
        gate.reset(entrance, 1, 1)
        connection.send((order(1), 7, sys.path))
        print(connection.recv()["reading"]["worker"])
        connection.close()
        print(zygote.exit_code(pid))
        zygote.close()
    """) == ["True", "7", "0"]


def test_it_tells_how_a_worker_ended() -> None:
    assert output_of("""
        zygote = Zygote([])
        kept = [zygote.worker() for _ in range(3)]
        for connection, pid in kept[::2]:
            os.kill(pid, signal.SIGKILL)
            print(zygote.exit_code(pid))
            try:
                connection.recv()
            except EOFError:
                print("broken")
            connection.close()
        kept[1][0].close()
        print(zygote.exit_code(kept[1][1]))
        zygote.close()
    """) == ["-9", "broken", "-9", "broken", "0"]


def test_nothing_outlives_it() -> None:
    assert output_of("""
        zygote = Zygote([])
        kept = [zygote.worker() for _ in range(2)]
        zygote.close()
        print([gone(pid) for pid in (zygote.pid, *(pid for _, pid in kept))])
        for connection, _ in kept:
            connection.close()
    """) == ["[True, True, True]"]


def test_it_lets_go_of_what_is_not_for_workers() -> None:
    # Else the other end would never see the end of a pipe whose owner is gone.
    assert output_of("""
        reading, writing = os.pipe()
        zygote = Zygote([reading, writing])
        connection, pid = zygote.worker()
        os.close(writing)
        print(os.read(reading, 1))
        zygote.close()
        connection.close()
    """) == ["b''"]


def test_a_worker_holds_no_other_workers_connection() -> None:
    assert output_of("""
        zygote = Zygote([])
        one, other = zygote.worker(), zygote.worker()
        one[0].close()
        print(zygote.exit_code(one[1]))
        other[0].close()
        print(zygote.exit_code(other[1]))
        zygote.close()
    """) == ["0", "0"]


def test_a_fork_that_the_system_refuses_is_an_error_and_no_end() -> None:
    assert output_of("""
        fork, left = os.fork, [1, 1, 0, 0, 1, 1]

        def sometimes():
            if left.pop(0):
                return fork()
            raise BlockingIOError(11, "refused")

        os.fork = sometimes
        zygote = Zygote([])
        processes.use_zygote(zygote)
        crew = ProcessesCrew("fork")
        descriptors = set()
        for workers in (2, 1, 2):
            try:
                print(len(crew.run(order(workers))))
            except WorkerFailedError as error:
                print(error)
            descriptors.add(psutil.Process(zygote.pid).num_fds())
        print(len(descriptors))
        crew.close()
        zygote.close()
    """) == [
        f"the system refused one of 2 processes, after 1: [Errno 11] {os.strerror(11)}",
        f"the system refused one of 1 processes, after 0: [Errno 11] {os.strerror(11)}",
        "2",
        "1",
    ]


def test_a_zygote_that_is_killed_fails_samples_and_says_so() -> None:
    assert output_of("""
        zygote = Zygote([])
        processes.use_zygote(zygote)
        crew = ProcessesCrew("fork")
        crew.run(order(1))
        worker = crew._workers[0]._pid
        os.kill(zygote.pid, signal.SIGKILL)
        print(gone(zygote.pid))
        # Those that it forked work on, until one of them dies too.
        print(len(crew.run(order(1))))
        os.kill(worker, signal.SIGKILL)
        print(gone(worker))
        for _ in range(2):
            try:
                crew.run(order(1))
            except WorkerFailedError as error:
                print(error)
        crew.close()
        zygote.close()
    """) == [
        "True",
        "1",
        "True",
        "worker 0: its process was lost",
        "the system refused one of 1 processes, after 0: the zygote is gone",
    ]


def test_a_host_that_dies_in_the_middle_of_a_fork_ends_the_zygote_and_the_worker() -> None:
    assert output_of("""
        zygote = Zygote([])
        connection, kept = zygote.worker()
        ours, theirs = socket.socketpair()
        socket.send_fds(zygote._socket, [struct.pack("i", -1)], [theirs.fileno()])
        zygote._socket.close()
        _, status = os.waitpid(zygote.pid, 0)
        print(os.waitstatus_to_exitcode(status), gone(kept))
        theirs.close()
        print(ours.recv(1))
        ours.close()
        connection.close()
    """) == ["0 True", "b''"]


def test_what_the_users_function_forked_does_not_keep_the_zygote() -> None:
    assert output_of("""
        zygote = Zygote([])
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        zygote.close()
        print(gone(zygote.pid))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    """) == ["True"]
