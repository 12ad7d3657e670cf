"""What every native module must be, found by itself: a new one is tested without a line here."""

from __future__ import annotations

import pkgutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench import _native
from gilbench._native import triad

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = sorted(module.name for module in pkgutil.iter_modules(_native.__path__))
SOURCES = Path(__file__).resolve().parents[2] / "ext"

IMPORT_ALL = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(f"gilbench._native.{name}")
"""


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the tests are not beside the sources")
def test_each_source_has_its_module() -> None:
    assert sorted(path.stem for path in SOURCES.glob("*.pyx")) == MODULES


def test_each_module_has_its_stub() -> None:
    stubs = {path.stem for path in Path(_native.__path__[0]).glob("*.pyi")}
    assert set(MODULES) <= stubs


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this build always has a GIL"
)
@pytest.mark.parametrize("name", MODULES)
def test_it_leaves_the_gil_off(name: str, run_python: Callable[..., str]) -> None:
    script = IMPORT_ALL + "print(sys._is_gil_enabled())"
    assert run_python(script, name) == "False\n"


IN_TWENTY_INTERPRETERS = """
import sys, threading
from gilbench.backends.interpreters import make_interpreter

SOURCE = f'''
import sys
sys.path[:] = {sys.path!r}
from importlib import import_module
for name in {sys.argv[2:]!r}:
    import_module(f"gilbench._native.{{name}}")
import mmap
from gilbench._native import chase, collatz, crew, gate, mandelbrot, meter, objects, spin, triad
from gilbench._native import progress, work
entrance = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
gate.reset(entrance, 1, 1)
readings = meter.create(entrance, 0, 1000)
meter.start(readings, 10**9)
for kernel in (spin, mandelbrot, collatz, triad, chase):
    state = work.create(kernel.kernel(), 24000)
    for mode in (work.hold, work.release):
        mode(state, readings, 2000)
    crew.run([state], 1000, 1000, 0, 1, 1, 10**9)
objects.hold(objects.create(), readings, 500)
told = progress.create()
assert progress.call(told, lambda: progress.come(told)) >= (0, 0) > progress.come(told)
assert triad.variant() == {sys.argv[1]!r}
assert meter.finish(readings)[0] == 20500
'''

def live():
    for _ in range(20):
        interpreter = make_interpreter()
        problem = interpreter.execute(SOURCE)
        assert problem is None, problem
        interpreter.close()
    print("lived")

# As the backend does: in a thread that is not the main one, after the main interpreter's imports.
from gilbench._native import chase, collatz, crew, gate, mandelbrot, meter, objects, spin, triad
from gilbench._native import progress, work
thread = threading.Thread(target=live)
thread.start()
thread.join()
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="own-GIL interpreters are new in 3.12")
def test_all_work_in_twenty_interpreters_in_a_row(run_python: Callable[..., str]) -> None:
    assert run_python(IN_TWENTY_INTERPRETERS, triad.variant(), *MODULES) == "lived\n"


def test_there_are_functions_only() -> None:
    # An extension type would corrupt the heap when a second interpreter imports its module.
    from importlib import import_module

    for name in MODULES:
        module = import_module(f"gilbench._native.{name}")
        types = [each for each in vars(module).values() if isinstance(each, type)]
        assert not types, name
