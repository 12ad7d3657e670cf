"""A host as the conductor starts it, spoken to by hand."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

import gilbench
from gilbench import __version__, backends
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    HelloReply,
    HelloRequest,
    OkReply,
    SampleReply,
    SampleRequest,
    decode,
    encode,
)
from orders import make_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.host.protocol import Message

LOUD = """
import os, subprocess, sys

def talks():
    print("printed")
    sys.stdout.write('{"type": "OkReply"}\\n')
    sys.stdout.flush()
    os.write(1, b"written\\n")
    subprocess.run([sys.executable, "-c", "print('echoed')"], check=True)
    print("to you", file=sys.stderr)

def listens():
    assert sys.stdin.read() == ""
    assert os.read(0, 1) == b""
"""


class Talk:
    """A host's process, its input and its output."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gilbench.host"],
            env={**os.environ, "PYTHONPATH": str(Path(gilbench.__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.hello = self.ask(HelloRequest(protocol=PROTOCOL_VERSION, path=(str(folder),)))

    def ask(self, request: Message) -> Message:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(encode(request))
        self.process.stdin.flush()
        return decode(self.process.stdout.readline())

    def sample(self, workload: str, backend: str) -> Message:
        order = make_order(workload=workload)
        return self.ask(SampleRequest(backend=backend, order=order))


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    (tmp_path / "loud.py").write_text(LOUD)
    talk = Talk(tmp_path)
    with talk.process:
        yield talk
        talk.process.kill()


def test_it_answers_each_request_in_turn(talk: Talk) -> None:
    assert isinstance(talk.hello, HelloReply)
    assert talk.hello.gilbench == __version__
    assert talk.ask(CheckRequest(workload="spin")) == OkReply()
    calibrated = talk.ask(CalibrateRequest(workload="spin", grain_ns=100_000))
    assert isinstance(calibrated, CalibratedReply)
    assert 0 < calibrated.ns_per_unit < 1e6
    sampled = talk.sample("spin", "serial")
    assert isinstance(sampled, SampleReply)
    assert [reading.units for reading in sampled.readings] == [1.0]


@pytest.mark.parametrize("backend", ["serial", "threads", "interpreters", "fork", "spawn"])
def test_what_a_function_says_and_hears_is_not_the_protocols(backend: str, talk: Talk) -> None:
    reason = backends.find(backend).unavailable()
    if reason is not None:
        pytest.skip(reason)
    assert talk.ask(CheckRequest(workload="loud:talks")) == OkReply()
    for function in ("talks", "listens"):
        reply = talk.sample(f"loud:{function}", backend)
        assert isinstance(reply, SampleReply), reply
    output, errors = talk.process.communicate(timeout=30)
    assert output == ""
    # What goes to standard error is the conductor's to read.
    assert "to you" in errors
    assert "printed" not in errors


def test_the_end_of_its_input_ends_it_and_its_workers(talk: Talk) -> None:
    for backend in ("threads", "processes", *(["fork"] if hasattr(os, "fork") else [])):
        assert isinstance(talk.sample("spin", backend), SampleReply)
    workers = psutil.Process(talk.process.pid).children(recursive=True)
    assert workers
    began = time.monotonic()
    output, errors = talk.process.communicate(timeout=30)
    assert (talk.process.returncode, output, errors) == (0, "", "")
    assert time.monotonic() - began < 10
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="own-GIL interpreters are new in 3.12")
def test_it_ends_at_once_with_interpreters_too(talk: Talk) -> None:
    assert isinstance(talk.sample("spin", "interpreters"), SampleReply)
    began = time.monotonic()
    _, errors = talk.process.communicate(timeout=30)
    assert (talk.process.returncode, errors) == (0, "")
    # A conductor gives a host 2 seconds.
    assert time.monotonic() - began < 2


LEAVES_A_FILE = """
import os

def leaves_a_file():
    with open(os.path.join(os.environ["GILBENCH_HOST"], "file"), "w"):
        pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lifeline there")
def test_it_makes_its_folder_and_takes_it_along_when_it_leaves_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "its-own"
    (tmp_path / "leaving.py").write_text(LEAVES_A_FILE)
    hello = HelloRequest(protocol=PROTOCOL_VERSION, path=(str(tmp_path),))
    check = CheckRequest(workload="leaving:leaves_a_file")
    reading, writing = os.pipe()
    try:
        # The lifeline holds: what removes the folder is the end of the requests.
        host = subprocess.run(
            [sys.executable, "-P", "-m", "gilbench.host", str(folder), str(reading)],
            env={
                **os.environ,
                "PYTHONPATH": str(Path(gilbench.__file__).parents[1]),
                "GILBENCH_HOST": str(folder),
            },
            input=encode(hello) + encode(check),
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=(reading,),
            check=True,
            timeout=30,
        )
    finally:
        os.close(reading)
        os.close(writing)
    assert decode(host.stdout.splitlines()[-1]) == OkReply()
    assert not folder.exists()


def test_a_folder_that_is_there_is_another_s(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    host = subprocess.run(
        [sys.executable, "-P", "-m", "gilbench.host", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(gilbench.__file__).parents[1])},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=30,
    )
    assert host.returncode == 1
    assert "FileExistsError" in host.stderr
    assert (tmp_path / "kept").exists()


def test_what_is_no_request_ends_it(talk: Talk) -> None:
    _, errors = talk.process.communicate("nonsense\n", timeout=30)
    assert talk.process.returncode == 1
    assert errors.rstrip().endswith("no message of this protocol: 'nonsense\\n'")
