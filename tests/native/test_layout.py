from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from gilbench._native import layout, presence, sampler

if TYPE_CHECKING:
    from collections.abc import Callable

HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()
OF_A_GIL = "debug offsets" if sys.version_info >= (3, 13) else "internal headers"


def test_we_hold_what_is_found() -> None:
    assert layout.held(layout.locate()) is True


def test_it_says_what_it_found_and_how() -> None:
    told = layout.describe(layout.locate())
    assert str(told.pop("headers")).split(".")[:2] == [str(part) for part in sys.version_info[:2]]
    assert told.pop("route") == (OF_A_GIL if HAS_GIL else "thread state")
    if not HAS_GIL:
        assert list(told) == ["state"]
        return
    # The order of the GIL's fields in all versions so far; the last is an unsigned long.
    holder, locked, switches = (told[key] for key in ("holder", "locked", "switches"))
    assert isinstance(holder, int)
    assert (locked, switches) == (holder + 8, holder + (12 if sys.platform == "win32" else 16))


@pytest.mark.skipif(HAS_GIL, reason="the GIL is on")
def test_with_its_gil_on_a_free_threaded_build_has_one_to_be_found(
    run_python: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_GIL", "1")
    script = "from gilbench._native import layout\nprint(layout.describe(layout.locate())['route'])"
    assert run_python(script) == "debug offsets\n"


TURNED_ON = """
import importlib.util, sys, warnings
from importlib.machinery import ExtensionFileLoader
from gilbench._native import layout
def route():
    found = layout.locate()
    return layout.describe(found)["route"], layout.held(found)
before = route()
# Of the modules by which CPython tests itself, one that does not say that it needs no GIL.
there = importlib.util.find_spec("_testmultiphase")
if there is not None:
    loader = ExtensionFileLoader("_testmultiphase_nonmodule", there.origin)
    warnings.simplefilter("ignore")
    importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
print(*before, *route() if sys._is_gil_enabled() else ())
"""


@pytest.mark.skipif(HAS_GIL, reason="the GIL is on")
def test_an_import_that_turns_the_gil_on_is_noticed(run_python: Callable[..., str]) -> None:
    told = run_python(TURNED_ON)
    if told == "thread state True\n":
        pytest.skip("the interpreter has no module of its own that turns the GIL on")
    assert told == "thread state True debug offsets True\n"


IN_INTERPRETERS = """
import sys
from gilbench._native import layout, presence, sampler
from gilbench.backends.interpreters import make_interpreter
SOURCE = f'''
import sys
sys.path[:] = {sys.path!r}
from functools import partial
from gilbench._native import caller, layout, presence, sampler, truth
found, present = layout.locate(), presence.create()
assert layout.held(found)
assert layout.describe(found) == {layout.describe(layout.locate())!r}
watching = sampler.start(present, found, 20_000, 1)
caller.repeat(partial(truth.burn, truth.create(), 10_000_000, 0, 1), present, 2, 0)
blocks, _ = sampler.stop(watching)
assert sum(block[1] for block in blocks) == sum(block[2] for block in blocks) > 0, blocks
never_stopped = sampler.start(present, found, 20_000, 1)
'''
for _ in range(3):
    interpreter = make_interpreter()
    problem = interpreter.execute(SOURCE)
    assert problem is None, problem
    interpreter.close()
print("lived")
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="own-GIL interpreters are new in 3.12")
def test_a_subinterpreter_has_its_own(run_python: Callable[..., str]) -> None:
    assert run_python(IN_INTERPRETERS) == "lived\n"


def test_what_does_not_tell_our_two_states_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is looked at is then not what this interpreter goes by.
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: not HAS_GIL, raising=False)
    reason = "says that it has no GIL" if HAS_GIL else "does not tell whether a thread holds"
    with pytest.raises(LookupError, match=reason):
        layout.locate()


@pytest.mark.parametrize(
    "call",
    [
        layout.held,
        layout.describe,
        lambda wrong: sampler.start(presence.create(), wrong, 1000, 1),
    ],
)
def test_what_is_no_layout_is_refused(call: Callable[[object], object]) -> None:
    for wrong in (None, 0, presence.create()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)
