"""The conductor's end of a host: starts it, asks it, and ends it with all that it started."""

from __future__ import annotations

import os
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from gilbench import durations
from gilbench.backends.exit_code import describe_exit
from gilbench.errors import HostError
from gilbench.experiment.ending import await_end, end_group, end_tree
from gilbench.experiment.launch import environment, lifeline, switches
from gilbench.experiment.strays import MARK, end_strays
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    HelloReply,
    HelloRequest,
    decode,
    encode,
)

if TYPE_CHECKING:
    from gilbench.host.protocol import Message

__all__ = ["Host", "HostLostError", "HostProcess"]

_SECONDS_TO_START: Final = 60.0
_SECONDS_TO_END: Final = 2.0
_TRIES_TO_REMOVE: Final = 200
_SECONDS_BETWEEN_TRIES: Final = 0.005
# The variables by which Python, and most other programs, find the temporary folder.
_TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
_CHARACTERS_OF_LAST_WORDS: Final = 200
_CHARACTERS_AT_A_TIME: Final = 2**16
_BYTES_OF_A_NAME: Final = 8


class HostLostError(Exception):
    """A host hung, crashed or left; the text says which."""


class Host(Protocol):
    """What the conductor asks to measure."""

    def ask(self, request: Message, timeout_s: float) -> Message:
        """Return the host's reply. Raises HostLostError; then the host is closed."""

    def dismiss(self) -> None:
        """Tell the host that nothing more will be asked, without waiting for its end."""

    def close(self) -> None:
        """End the host and all that it started. May be called again."""


class HostProcess:
    """A host in a child process of this interpreter."""

    def __init__(self) -> None:
        """Start the host and greet it. Raises HostError when it does not answer as ours."""
        self._replies: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._last_words = ""
        self._threads: list[threading.Thread] = []
        # A host that owes a reply does not leave by itself.
        self._waiting = False
        # Who closes a host need not be who asks it, and who asks a lost one closes it as well.
        self._closing = threading.Lock()
        self._lifeline: int | None = None
        # On the clock of `time.monotonic`, once it was told to leave.
        self._leaves_by: float | None = None
        # All temporary files of a host and its workers go where they can be taken away with it.
        self._folder: str | None = None
        try:
            self._process = self._start()
        except BaseException as error:
            self._clean_up()
            if not isinstance(error, OSError):
                raise
            raise HostError(f"a host could not be started: {error}") from error
        try:
            for hear in (self._listen, self._overhear):
                thread = threading.Thread(target=hear, daemon=True, name="gilbench host")
                thread.start()
                self._threads.append(thread)
            self._greet()
        except BaseException:
            self.close()
            raise

    def ask(self, request: Message, timeout_s: float) -> Message:
        """Return the host's reply. Raises HostLostError; then the host is closed."""
        assert self._process.stdin is not None
        self._waiting = True
        try:
            self._process.stdin.write(encode(request))
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise HostLostError(self._how_it_ended()) from None
        try:
            line = self._replies.get(timeout=timeout_s)
        except queue.Empty:
            self.close()
            silence = durations.format(timeout_s * 1e9)
            raise HostLostError(f"it gave no sign of life for {silence}") from None
        if line is None:
            raise HostLostError(self._how_it_ended())
        self._waiting = False
        try:
            return decode(line)
        except ValueError as error:
            self.close()
            raise HostLostError(f"it broke the protocol: {error}") from error

    def dismiss(self) -> None:
        """Tell the host that nothing more will be asked, without waiting for its end."""
        if self._leaves_by is None:
            self._leaves_by = time.monotonic() + _SECONDS_TO_END
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def close(self) -> None:
        """End the host and all that it started. May be called again, and by another thread."""
        with self._closing:
            try:
                self._end()
            finally:
                # Also for who does not wait for the end: without its lifeline a host ends itself.
                self._clean_up()

    def _end(self) -> None:
        self.dismiss()
        assert self._leaves_by is not None
        if self._process.returncode is None:
            if not self._waiting:
                await_end(self._process, self._leaves_by - time.monotonic())
            end_tree(self._process)
            self._end_strays()
            end_group(self._process)
            self._process.wait()
        else:
            self._end_strays()
        for thread in self._threads:
            # Not for ever: what the user's function let loose may keep the pipe open.
            thread.join(_SECONDS_TO_END)

    def _end_strays(self) -> None:
        if self._folder is not None:
            with suppress(OSError):
                end_strays(self._folder)

    def _start(self) -> subprocess.Popen[str]:
        # Made by the host, which takes it away: should this process be killed, nobody else would.
        name = f"gilbench-{secrets.token_hex(_BYTES_OF_A_NAME)}"
        self._folder = str(Path(tempfile.gettempdir(), name))
        self._lifeline, arguments, options = lifeline(self._folder)
        try:
            return subprocess.Popen(
                [sys.executable, *switches(), "-P", "-m", "gilbench.host", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={
                    **environment(),
                    **dict.fromkeys(_TEMPORARY, self._folder),
                    MARK: self._folder,
                },
                encoding="utf-8",
                errors="replace",
                **options,
            )
        finally:
            for descriptor in options.get("pass_fds", ()):
                os.close(descriptor)

    def _greet(self) -> None:
        path = (str(Path.cwd()), *(folder for folder in sys.path if folder))
        try:
            reply = self.ask(HelloRequest(protocol=PROTOCOL_VERSION, path=path), _SECONDS_TO_START)
        except HostLostError as error:
            raise HostError(f"a host could not be started: {error}") from error
        if not isinstance(reply, HelloReply) or reply.protocol != PROTOCOL_VERSION:
            raise HostError(f"a host answered in another protocol than {PROTOCOL_VERSION}")

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._replies.put(line)
        self._replies.put(None)

    def _overhear(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            # In pieces: a line may be as long as what the user's function cares to write.
            while piece := lines.readline(_CHARACTERS_AT_A_TIME):
                self._last_words = piece.strip()[:_CHARACTERS_OF_LAST_WORDS] or self._last_words

    def _how_it_ended(self) -> str:
        left = await_end(self._process, _SECONDS_TO_END)
        self.close()
        ended = describe_exit(self._process.returncode) if left else "closed its pipe"
        last = f"; it said: {self._last_words}" if self._last_words else ""
        return f"the host {ended}{last}"

    def _clean_up(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        if self._folder is not None:
            _remove(self._folder)
            self._folder = None


def _remove(folder: str) -> None:
    """Remove a host's folder: again where one that was just ended still made a file in it."""
    for _ in range(_TRIES_TO_REMOVE):
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return
        time.sleep(_SECONDS_BETWEEN_TRIES)
