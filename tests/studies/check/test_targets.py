from __future__ import annotations

import zlib
from functools import partial
from typing import Any

import pytest

from gilbench.errors import InputError
from gilbench.evidence import Sizes, Target
from gilbench.studies.check.targets import target_of, workload_of
from gilbench.workloads.statement import statement_workload

SIZES = Sizes(first=1, last=8)


def of_text(text: str, setup: str = "", sizes: Sizes | None = None) -> Target:
    return target_of(text, setup, sizes, in_process=False)


@pytest.mark.parametrize("text", ["m:f", "a.b.c:D.e", " m:f\n", "_m1:_f2", "módulo:función"])
def test_a_function_is_named_by_its_module(text: str) -> None:
    assert of_text(text) == Target(function=text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "f(x)",
        "x[1:2]",
        "lambda: f",
        "{a: b}",
        "x: int",
        "m.f()",
        "m:f()",
        "a = 1; b",
        "if x: y",
        "",
        "m:",
        ":f",
        "1m:f",
    ],
)
def test_all_else_is_a_statement(text: str) -> None:
    assert of_text(text, "import m") == Target(statement=text, setup="import m")


@pytest.mark.parametrize("in_process", [False, True])
def test_a_function_names_itself(in_process: bool) -> None:
    target = target_of(zlib.crc32, "", None, in_process=in_process)
    assert target == Target(function="zlib:crc32")


def test_a_function_that_no_worker_can_import_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be imported by a worker"):
        target_of(lambda: None, "", None, in_process=False)


class Called:
    """What can be called, and has no name of its own."""

    def __call__(self) -> None:
        pass


def test_in_process_any_function_will_do() -> None:
    names = {
        target_of(function, "", None, in_process=True).function
        for function in (lambda: None, partial(zlib.crc32, b""), Called(), [].copy)
    }
    assert f"{__name__}:test_in_process_any_function_will_do.<locals>.<lambda>" in names
    assert f"{__name__}:Called" in names
    assert "builtins:list.copy" in names
    assert any(name is not None and name.endswith(":partial") for name in names)


@pytest.mark.parametrize("wrong", [5, None, b"m:f"])
def test_what_is_no_function_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match=f"^{wrong!r} is {type(wrong).__name__}, not a function$"):
        target_of(wrong, "", None, in_process=True)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="name a function of a module"):
        target_of(wrong, "", None, in_process=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("in_process", [False, True])
def test_a_function_has_no_setup_and_no_sizes(in_process: bool) -> None:
    for asked in ("zlib:crc32", zlib.crc32):
        with pytest.raises(InputError) as caught:
            target_of(asked, "import zlib", None, in_process=in_process)
        assert str(caught.value) == (
            "'zlib:crc32' is a function, which has no setup; write a statement:"
            ' "crc32(n)" -s "from zlib import …"'
        )
        with pytest.raises(InputError, match="'zlib:crc32' takes no arguments, so no sizes; write"):
            target_of(asked, "", SIZES, in_process=in_process)


@pytest.mark.parametrize(
    ("text", "setup"),
    [("f(n)", ""), ("f(d)", "d = bytes(n)"), ("f(x[:n])", "x = 1"), ("f(", ""), ("f()", "(")],
)
def test_sizes_are_values_of_n(text: str, setup: str) -> None:
    assert of_text(text, setup, SIZES) == Target(statement=text, setup=setup)


@pytest.mark.parametrize("text", ["f()", "x.n", "f(n=1)", "'n'", "nn"])
def test_sizes_where_no_n_is_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="neither the statement nor the setup has an n$"):
        of_text(text, "import m", SIZES)


@pytest.mark.parametrize("deep", ["+".join("n" * 20_000), "-" * 100_000 + "1"])
def test_what_is_nested_too_deeply_to_be_read_is_left_to_who_carries_it_out(deep: str) -> None:
    assert of_text(deep, "x = 1", SIZES) == Target(statement=deep, setup="x = 1")
    assert of_text("f()", deep) == Target(statement="f()", setup=deep)


@pytest.mark.parametrize("wrong", [None, 5, b"x = 1", ["x = 1"]])
@pytest.mark.parametrize("asked", ["f()", "m:f", zlib.crc32])
def test_a_setup_that_is_no_text_is_refused(asked: Any, wrong: Any) -> None:
    with pytest.raises(InputError) as caught:
        target_of(asked, wrong, None, in_process=False)
    assert str(caught.value) == f"a setup is a text, not {wrong!r}"


@pytest.mark.parametrize("size", [None, 0, 2**40])
def test_a_worker_finds_the_statement_with_its_size(size: int | None) -> None:
    found = statement_workload(workload_of(of_text("f(n)", "f = len"), size))
    assert found is not None
    assert (found.statement, found.setup, found.n) == ("f(n)", "f = len", size)


def test_a_worker_finds_a_function_by_its_name() -> None:
    assert workload_of(Target(function="m:f"), None) == "m:f"
