from __future__ import annotations

import signal

import pytest

from gilbench.backends.exit_code import describe_exit


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exited with status 0"),
        (3, "exited with status 3"),
        (-int(signal.SIGTERM), "was killed by SIGTERM"),
        (-99, "was killed by signal 99"),
        (None, "was lost"),
    ],
)
def test_how_a_process_ended_in_words(code: int | None, words: str) -> None:
    assert describe_exit(code) == words
