from __future__ import annotations

import pytest

from gilbench.trials.io_bound.schedule import Entry, read_schedule, schedule_text
from gilbench.trials.io_bound.window import Window

ALONE = Entry(kind="http:client=socket,delay=5ms", workers=8, span_ms=20, times=6)
BESIDE = Entry(kind="file-read", workers=2, beside=True, span_ms=25, times=3)


def test_what_is_written_is_read_again() -> None:
    text = schedule_text([ALONE, BESIDE])
    assert text == "http:client=socket,delay=5ms 8 20ms x6; file-read 2+1 25ms x3"
    assert read_schedule(text) == [ALONE, BESIDE]


def test_an_entry_is_so_many_windows_by_one_name() -> None:
    assert (ALONE.name, BESIDE.name) == ("http:client=socket,delay=5ms 8", "file-read 2+1")
    window = Window(kind="file-read", workers=2, span_ns=25_000_000, beside=True)
    assert BESIDE.windows == [window] * 3


@pytest.mark.parametrize("text", ["", "http", "http 2 20ms", "http 2+2 20ms x1", "http 2 20ms x1;"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no windows: "):
        read_schedule(text)
