"""What a worker of the memory trials runs, wherever it is: it does what it is asked by name.

One that does not have this module from its parent is handed its code, and imports neither gilbench
nor `typing`: that would be in what it costs. So nothing is imported here that an interpreter has
not loaded by itself.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False  # As `typing` has it, which is not imported.
if TYPE_CHECKING:
    from typing import Any

_PREFIX = 8
_KIB = 1024


class Line:
    """One end of what a worker and its trial say to each other: plain data, in messages.

    The end is a connection of multiprocessing; or, in this process, two descriptors: a worker that
    is a thread or a subinterpreter needs no modules for them.
    """

    def __init__(self, end: Any) -> None:
        self._end = end

    def send(self, value: Any) -> None:
        """Hand a value over. Raises OSError when nobody is there."""
        data = marshal.dumps(value)
        if not isinstance(self._end, tuple):
            self._end.send_bytes(data)
            return
        view = memoryview(len(data).to_bytes(_PREFIX, "little") + data)
        while view:
            view = view[os.write(self._end[1], view) :]

    def receive(self) -> Any:
        """Wait for a value and return it. Raises EOFError or OSError when nobody is there."""
        if not isinstance(self._end, tuple):
            return marshal.loads(self._end.recv_bytes())  # noqa: S302 - from our own worker, or to it
        count = int.from_bytes(self._exactly(_PREFIX), "little")
        return marshal.loads(self._exactly(count))  # noqa: S302

    def poll(self, seconds: float) -> bool:
        """Return whether there is something to receive, after so many seconds at most.

        For who asks: a worker just waits.
        """
        if not isinstance(self._end, tuple):
            return bool(self._end.poll(seconds))
        if sys.platform == "win32":
            return (
                True  # Its pipes cannot be waited for: `receive` does so, for as long as it takes.
            )
        import select

        return bool(select.select([self._end[0]], [], [], seconds)[0])

    def close(self) -> None:
        """Close this end."""
        if not isinstance(self._end, tuple):
            self._end.close()
            return
        for descriptor in self._end:
            os.close(descriptor)

    def _exactly(self, count: int) -> bytearray:
        data = bytearray(count)
        done = 0
        while done < count:
            piece = os.read(self._end[0], min(count - done, 1 << 20))
            if not piece:
                raise EOFError
            data[done : done + len(piece)] = piece
            done += len(piece)
        return data


def memory() -> dict[str, int]:
    """Return the bytes of this process's memory by `rss`, `pss` and `uss`, as far as it can tell.

    As Linux adds them up (proc(5)): all pages that are here; each shared by the number of those
    that share it; and only those that nobody shares. Elsewhere somebody else must look.
    """
    sums: dict[bytes, int] = {}
    for path in ("/proc/self/smaps_rollup", "/proc/self/smaps"):
        try:
            lines = _lines(path)
        except OSError:
            continue
        for line in lines:
            name, _, rest = line.partition(b":")
            if name in {b"Rss", b"Pss", b"Private_Clean", b"Private_Dirty"}:
                sums[name] = sums.get(name, 0) + int(rest.split()[0]) * _KIB
        return {
            "rss": sums.get(b"Rss", 0),
            "pss": sums.get(b"Pss", 0),
            "uss": sums.get(b"Private_Clean", 0) + sums.get(b"Private_Dirty", 0),
        }
    return {}


class Labour:
    """What can be asked of a worker; `given` is what it was handed at its start."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = dict(given)

    def memory(self) -> dict[str, int]:
        """Return the bytes of this process's memory, as the function of that name does."""
        return memory()

    def bring(self, modules: list[str]) -> None:
        """Import modules."""
        for module in modules:
            __import__(module)

    def collect(self) -> None:
        """Have a full garbage collection."""
        import gc

        gc.collect()

    def walk(self) -> int:
        """Look at all objects that were handed over, and into each. Return how many are in them."""
        seen = 0
        for thing in self._given["objects"]:
            for _ in thing:
                seen += 1
        return seen

    def take(self, count: int | None) -> int:
        """Have an array of so many bytes, or for null keep the one that was handed over. Return the
        sum of a byte of each of its pages.
        """
        if count is not None:
            self._given["array"] = b"\1" * count
        return sum(self._given["array"][::4096])

    def attach(self, name: str) -> int:
        """Keep a block of shared memory. Return the sum of a byte of each of its pages."""
        from multiprocessing.shared_memory import SharedMemory

        # Who made it takes it away. Before 3.13 an attached block is tracked as if it were one's
        # own; processes of one parent have one tracker, which is told once that it is gone.
        options: dict[str, Any] = {"track": False} if sys.version_info >= (3, 13) else {}
        block: Any = SharedMemory(name, **options)
        self._given["block"] = block
        return sum(block.buf[::4096].tolist())

    def detach(self) -> None:
        """Let go of the block."""
        self._given.pop("block").close()

    def write(self, note: int) -> None:
        """Set a global variable: an attribute of a module that everybody has."""
        sys.__dict__["gilbench_note"] = note

    def look(self) -> int:
        """Return what the global variable is, or -1."""
        return int(getattr(sys, "gilbench_note", -1))

    def erase(self) -> None:
        """Take the global variable away."""
        sys.__dict__.pop("gilbench_note", None)

    def write_in_block(self, note: int) -> None:
        """Set the first byte of the block."""
        self._given["block"].buf[0] = note

    def look_in_block(self) -> int:
        """Return the first byte of the block."""
        return int(self._given["block"].buf[0])


def serve(end: Any, given: dict[str, Any]) -> None:
    """Do what is asked until the other end is closed, or until `None` is asked.

    Each request is a name of `Labour` and its arguments; the answer is whether it went well, and
    what it returned or what was wrong.
    """
    line, labour = Line(end), Labour(given)
    try:
        while (asked := line.receive()) is not None:
            name, arguments = asked
            try:
                answer = (True, getattr(labour, name)(*arguments))
            except BaseException as error:  # noqa: BLE001 - it is the answer
                cause = error
                while isinstance(cause.__cause__, ImportError):
                    cause = cause.__cause__
                answer = (False, f"{type(cause).__name__}: {cause}")
            line.send(answer)
    except (EOFError, OSError):
        return
    finally:
        line.close()


def _lines(path: str) -> list[bytes]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        data = b""
        while piece := os.read(descriptor, 1 << 16):
            data += piece
    finally:
        os.close(descriptor)
    return data.splitlines()
