"""The parent's end of the process that is watched."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from idle import idle_ns
from outcome import Outcome, rate
from tools import UnavailableError

if TYPE_CHECKING:
    from tools import Tool


class Target:
    """The process that is watched; a new one where a tool has broken it."""

    def __init__(self) -> None:
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).parent), "--target"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def watch(
        self, tool: Tool | None, grain_ns: int, share: float, seconds: int, *, fixed: bool
    ) -> Outcome:
        """Have `tool` watch it, or nobody. Raises UnavailableError where the tool tells nothing."""
        with tempfile.TemporaryDirectory() as folder:
            stop, output = Path(folder, "stop"), Path(folder, "output")
            outside = tool.command if tool else None
            command = outside(self._process.pid, seconds, output) if outside else None
            began_ns, idle_before = time.perf_counter_ns(), idle_ns()
            self._tell(
                grain_ns=grain_ns,
                share=share,
                fixed=fixed,
                inside=tool.inside if tool else None,
                seconds=60 if command else seconds,
                stop=str(stop) if command else None,
            )
            said, ended_ns = "", 0
            if command:
                try:
                    done = subprocess.run(
                        command,
                        check=False,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                        timeout=30,
                    )
                    said = done.stdout
                except (OSError, subprocess.TimeoutExpired) as error:
                    said = f"{type(error).__name__}: {error}"
                ended_ns = time.perf_counter_ns()
                stop.touch()
            reply = self._hear()
            told = reply["told"]
            if tool and tool.read:
                told = tool.read(said, output, seconds)
        idle_share = 1.0
        if idle_before is not None:
            idle_share = ((idle_ns() or 0) - idle_before) / (time.perf_counter_ns() - began_ns)
        return Outcome(
            told=told,
            truth=reply["truth"],
            rate=rate(reply["marks"], ended_ns, seconds),
            queued=reply["queued"],
            idle=idle_share,
        )

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _tell(self, **order: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            self._process = self._start()
            raise UnavailableError(f"the process that it watched ended, with status {status}")
        reply: dict[str, Any] = json.loads(line)
        if "trouble" in reply:
            raise UnavailableError(reply["trouble"])
        return reply
