"""What tests of several layers need: distributions that offer something, and are not installed."""

from __future__ import annotations

import gc
import itertools
import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import given, settings, strategies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# For the tests of our own plugin; only the topmost conftest may ask for one.
pytest_plugins = ["pytester"]

# Those in `shared` that assert: what they found is to be told as in a test.
pytest.register_assert_rewrite("edits", "scripts")


def pytest_collection_finish() -> None:
    """Let no collection of garbage look through what thousands of tests are made of: it would take
    most of a test that asks for some.
    """
    _draw()
    gc.collect()
    gc.freeze()


@settings(derandomize=True, max_examples=1, database=None)
@given(strategies.none())
def _draw(_: None) -> None:
    """Let hypothesis find who refers to its dice, which it looks for when it first draws what it
    drew before, as where `CI` is set: what is frozen it does not see.
    """


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Let what the tests start hear of Ctrl-C: a job in a shell's background ignores it, and hands
    that down.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _this_machine_is_idle() -> Iterator[None]:
    """To see how busy it is takes a moment. Programs of their own do see it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psutil, "cpu_percent", lambda _: 0.0)
        yield


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Let a distribution offer what `OFFER` is in a module of this text; return its folder."""
    before, numbers = set(sys.modules), itertools.count()

    def give(group: str, name: str, text: str, *, distribution: str = "others-own") -> Path:
        # A folder of its own each time: what was found on a path is remembered.
        number = next(numbers)
        folder = tmp_path / f"site-{number}"
        folder.mkdir()
        module = f"others_own_{number}"
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        information = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
        )
        (information / "entry_points.txt").write_text(
            f"[{group}]\n{name} = {module}:OFFER\n", encoding="utf-8"
        )
        monkeypatch.syspath_prepend(folder)
        return folder

    yield give
    for name in set(sys.modules) - before:
        if name.startswith("others_own"):
            del sys.modules[name]
