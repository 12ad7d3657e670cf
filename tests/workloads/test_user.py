from __future__ import annotations

import functools
import operator
import os
import sys
from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench._native import meter
from gilbench.errors import InputError
from gilbench.model import Mode
from gilbench.workloads.user import find_function, function_workload, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.meter import MeterCapsule

MINE = """
import functools

number = 7
calls = []

def works():
    calls.append(1)

def adds(a, b=1):
    return a + b

def adds_by_default(a=1, *rest, b=1, **more):
    return a + b

bound = functools.partial(adds, 1)

class Thing:
    def method(self):
        pass

    @staticmethod
    def static():
        calls.append(2)

thing = Thing()
"""


@pytest.mark.parametrize(
    "path", ["works", "adds_by_default", "bound", "Thing", "Thing.static", "thing.method"]
)
def test_what_can_be_called_without_arguments_is_found(
    path: str, make_module: Callable[..., str]
) -> None:
    name = make_module(MINE)
    found = find_function(f"{name}:{path}")
    found()
    assert found == functools.reduce(getattr, path.split("."), sys.modules[name])


def test_a_function_of_a_package_is_found(make_module: Callable[..., str]) -> None:
    make_module("", "users_own_package.__init__")
    name = make_module("def works(): return 5", "users_own_package.inner")
    assert find_function(f"{name}:works")() == 5


@pytest.mark.parametrize("module", ["users_own_absent", "users_own_absent.inner", "sys.inner"])
def test_a_module_that_is_not_there(module: str) -> None:
    message = f"there is no module '{module}' in the current folder or the environment"
    with pytest.raises(InputError, match=message):
        find_function(f"{module}:function")


def test_a_module_whose_own_import_is_not_there_says_which(make_module: Callable[..., str]) -> None:
    name = make_module("import users_own_absent_dependency")
    with pytest.raises(ModuleNotFoundError, match="users_own_absent_dependency"):
        find_function(f"{name}:function")


@pytest.mark.parametrize("error", ["LookupError('not today')", "SystemExit('enough')"])
def test_what_a_module_raises_on_import_passes_through(
    error: str, make_module: Callable[..., str]
) -> None:
    name = make_module(f"raise {error}")
    with pytest.raises((LookupError, SystemExit), match="not today|enough"):
        find_function(f"{name}:function")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("work", r": there is no 'work'; did you mean 'works'\?$"),
        ("Thing.statik", r": there is no 'statik'; did you mean 'static'\?$"),
        ("zzz", ": there is no 'zzz'; known: Thing, adds, "),
        ("number", "' is int, not a function$"),
        ("thing", "' is Thing, not a function$"),
        ("adds", r"' wants arguments \(missing a required argument: 'a'\); name a function that"),
        ("Thing.method", "' wants arguments .*'self'"),
    ],
)
def test_what_is_no_function_without_arguments(
    path: str, message: str, make_module: Callable[..., str]
) -> None:
    text = f"{make_module(MINE)}:{path}"
    with pytest.raises(InputError, match=message) as caught:
        find_function(text)
    assert str(caught.value).startswith(f"'{text}'")


def test_workers_cannot_import_from_main() -> None:
    with pytest.raises(InputError, match="workers cannot import from __main__; move the function"):
        find_function("__main__:function")


def test_a_task_calls_the_function_once_and_then_as_often_as_asked(
    make_module: Callable[..., str], readings: MeterCapsule
) -> None:
    name = make_module(MINE)
    task = workloads.find(f"{name}:works").task()
    calls = sys.modules[name].calls
    assert (len(calls), task.checksum()) == (1, 1)
    assert task.caller(Mode.HOLD)(readings, 5)
    task.run(3)
    assert (len(calls), task.checksum()) == (9, 9)
    assert meter.finish(readings)[:2] == (5, 1)
    assert not task.stamped
    assert task.native is None


@pytest.mark.parametrize("text", ["a:b", "a.b.c:d.e.f", "_a1:ü"])
def test_texts_that_name_a_function(text: str) -> None:
    workload = function_workload(text)
    assert workload is not None
    assert workload.text == text


@pytest.mark.parametrize(
    "text", ["", "a", "a:", ":b", "a:b:c", "a:b()", "a:1", "1:a", "a b:c", ".a:b", "a.:b", "a:b\n"]
)
def test_texts_that_name_none(text: str) -> None:
    assert function_workload(text) is None


def test_a_function_has_a_name_that_finds_it(make_module: Callable[..., str]) -> None:
    for function in (os.getpid, operator.attrgetter, pytest.raises):
        assert functools.reduce(
            getattr,
            name_of(function).partition(":")[2].split("."),
            sys.modules[function.__module__],
        )
    name = make_module(MINE)
    static = find_function(f"{name}:Thing.static")
    assert name_of(static) == f"{name}:Thing.static"
    assert find_function(name_of(static)) is static


def test_what_a_worker_cannot_import_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def local() -> None: ...

    for function in (lambda: None, local, functools.partial(print)):
        with pytest.raises(InputError, match="cannot be imported by a worker; name a function of"):
            name_of(function)

    monkeypatch.setattr(local, "__qualname__", "local")
    monkeypatch.setattr(local, "__module__", "__main__")
    with pytest.raises(InputError, match="'local' lives in __main__, which workers cannot import"):
        name_of(local)
