from __future__ import annotations

import gc
import io
import sys
import tracemalloc
from contextlib import redirect_stdout, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest

from gilbench import workloads
from gilbench._native import caller, meter
from gilbench.errors import InputError
from gilbench.model import Mode
from gilbench.workloads.statement import (
    StatementTask,
    StatementWorkload,
    compile_statement,
    forget_statements,
    statement_text,
    statement_workload,
)
from immortality import KEEPS_FUNCTIONS
from newcomers import grants_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench._native.meter import MeterCapsule

US = 1_000
MS = 1_000_000


def names_of(call: Any) -> dict[str, Any]:
    """Return the names that a statement has for its own."""
    names = call.args[1]
    assert isinstance(names, dict)
    return names


def test_a_statement_runs_in_names_of_its_own_that_its_setup_made() -> None:
    call = compile_statement("x.append(n); len(x)", "import math\nx = [math.pi]", 5)
    assert [call(), call()] == [2, 3]
    assert names_of(call)["x"][1:] == [5, 5]
    assert compile_statement("__name__")() == "__gilbench__"
    assert "n" not in names_of(compile_statement("1"))
    with pytest.raises(NameError, match="'x'"):
        compile_statement("x")()


def test_lines_and_semicolons_separate_statements() -> None:
    call = compile_statement("x = y = 1; x += 1\ny -= 1\n\nx, y\n")
    assert call() == (2, 0)


def test_what_is_not_called_is_carried_out_all_the_same() -> None:
    call = compile_statement("total = 0\nfor i in range(n):\n    total += i\n", n=5)
    assert call() is None
    assert names_of(call)["total"] == 10


def test_the_setup_runs_once_and_before() -> None:
    call = compile_statement("runs", "runs = globals().get('runs', 0) + 1")
    assert [call(), call()] == [1, 1]


def test_what_it_prints_is_printed() -> None:
    with redirect_stdout(io.StringIO()) as printed:
        compile_statement("print('b')", "print('a')")()
    assert printed.getvalue() == "a\nb\n"


@pytest.mark.parametrize("error", ["LookupError('not today')", "SystemExit('not today')"])
def test_what_setup_or_statement_raise_passes_through(error: str) -> None:
    with pytest.raises((LookupError, SystemExit), match="not today"):
        compile_statement("1", f"raise {error}")
    call = compile_statement(f"fail({error})", "def fail(error): raise error")
    with pytest.raises((LookupError, SystemExit), match="not today"):
        call()
    with pytest.raises((LookupError, SystemExit), match="not today"):
        caller.repeat(call, None, 5, 0)


@pytest.mark.parametrize(
    ("text", "setup", "message"),
    [
        ("", "", "the statement is empty: say what to call"),
        (" \n# nothing\n", "", "the statement is empty: say what to call"),
        ("f(", "", r"statement 'f\(' does not parse: '\(' was never closed"),
        ("return 1", "", "statement 'return 1' does not parse: 'return' outside function"),
        ("x = (yield)", "", r"statement 'x = \(yield\)' does not parse: 'yield' outside function"),
        ("await x", "", "statement 'await x' does not parse: 'await' outside function"),
        ("x = 1\nx = = 2", "", "statement 'x = = 2' does not parse, in line 2: invalid syntax"),
        (" x", "", "statement ' x' does not parse: unexpected indent"),
        ("a\0b", "", r"statement 'a\\x00b' does not parse: source code string cannot contain nul"),
        ("'\ud800'", "", r"statement \"'\\ud800'\" does not parse: 'utf-8' codec can't encode"),
        ("(" * 300, "", r"statement '\({99}…' does not parse: too many nested parentheses"),
        ("1", "import", "setup 'import' does not parse: "),
        ("1", "x\n  y", "setup '  y' does not parse, in line 2: unexpected indent"),
        ("1", "def f(:\n  y", r"setup 'def f\(:' does not parse, in line 1: "),
    ],
)
def test_what_does_not_parse_says_what_and_where(text: str, setup: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}") as caught:
        compile_statement(text, setup)
    assert "\n" not in str(caught.value)


def test_what_is_nested_too_deeply_for_python_is_refused() -> None:
    with pytest.raises(InputError, match="does not parse: "):
        compile_statement("-" * 100_000 + "1")


def test_a_setup_is_not_run_for_a_statement_that_does_not_parse() -> None:
    with pytest.raises(InputError, match="does not parse"):
        compile_statement("(", "raise LookupError")


def test_a_warning_of_the_compiler_is_given_once() -> None:
    with pytest.warns(SyntaxWarning, match="is"), suppress(TypeError):
        compile_statement("f(n is 1, 1())")
    with pytest.warns(SyntaxWarning) as caught:
        compile_statement("n is 1")
    assert len(caught) == 1


def test_what_looks_its_caller_up_finds_the_statement() -> None:
    setup = "import sys\ndef seen(): return sys._getframe(1).f_globals['mine']\nmine = 7"
    call = compile_statement("found.append(seen())", f"{setup}\nfound = []")
    call()
    caller.repeat(call, None, 2, 0)
    caller.durations(call, 2, 0)
    StatementTask(lambda: call).run(2)
    assert names_of(call)["found"] == [7] * 8


@pytest.mark.parametrize(
    "text",
    [
        "f(1, k=kept)",
        "kept.x = kept[0:n] = [f(-kept.n), kept.count(kept)]",
        "x = {1: kept, 2: (kept, kept)}; y = {3, kept.n}; x[2][0].n += 1",
        "x = str(kept) + f'{kept.n}'; z = [i for i in (kept, kept)]; del z",
        "f(1, 2, 3, 4, 5, 6, 7, 8, 9, kept)",
        "g(absent)",
        "kept.absent(1)",
        "kept.count(absent)",
        "f(kept, kept, absent)",
        "[kept, {kept: kept, (): kept.n / 0}]",
        "kept[[]]",
        "f(kept, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 / 0)",
    ],
)
def test_no_reference_is_lost_or_left(text: str) -> None:
    setup = (
        "class Kept(list): n = 0\nkept = Kept()\ndef f(*a, **k): return a, k\nx = y = None; n = 2"
    )
    call = compile_statement(text, setup)
    names = names_of(call)

    def work(turns: int) -> None:
        for _ in range(turns):
            with suppress(Exception):
                call()
        names["x"] = names["y"] = None
        names["kept"].clear()
        vars(names["kept"]).clear()
        gc.collect()

    def counts() -> list[int]:
        told = names["kept"], names["f"], call, *call.args
        return [sys.getrefcount(each) for each in told]

    tracemalloc.start()
    try:
        work(1000)
        before, memory = counts(), tracemalloc.get_traced_memory()[0]
        # The least object has 16 bytes: one for each turn would show three times over.
        work(2000)
        grown = tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
    assert counts() == before
    assert grown < 10_000


def test_a_hundred_thousand_runs_leave_nothing() -> None:
    call = compile_statement("d.copy().get(n, [n]).append(d)", "d = {}", 10**6)
    tracemalloc.start()
    try:
        caller.repeat(call, None, 1000, 0)
        memory = tracemalloc.get_traced_memory()[0]
        caller.repeat(call, None, 100_000, 0)
        grown = tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
    assert grown < 10_000


def test_a_statement_that_is_dropped_leaves_nothing() -> None:
    def make(turns: int) -> None:
        for _ in range(turns):
            compile_statement("f(x)", "def f(x): return x\nx = bytes(1000)")()
        gc.collect()

    tracemalloc.start()
    try:
        make(50)
        memory = tracemalloc.get_traced_memory()[0]
        make(200)
        grown = tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
    assert grown < (200 * 5_000 if KEEPS_FUNCTIONS else 50_000)


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="there is no GIL to get"
)
def test_the_gil_is_not_handed_over_within_a_statement_or_between_two() -> None:
    text = "stamps.append(now_ns()); x = [data.count(b'z'), data[:10]]; x[0] + n"
    setup = "from gilbench._native.clock import now_ns\nstamps = []; data = bytes(10_000)"
    call = compile_statement(text, setup, 1)
    stamps = names_of(call)["stamps"]
    exec(f"def function(): {text}", names_of(call))
    function = names_of(call)["function"]
    # On one core the two threads take turns by time slices, each of some milliseconds.
    for span_ns in (5 * MS, 50 * MS, 200 * MS):
        grants = [grants_within(call, stamps, span_ns) for _ in range(10)]
        assert set(grants) <= {0, None}
        # It would have been seen: the same as bytecode hands it over.
        if 0 in grants and any(grants_within(function, stamps, span_ns) for _ in range(20)):
            return
    pytest.fail("nobody was seen to ask, or to be let in by bytecode")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (("f()", "", None), 'code:{"statement":"f()"}'),
        (("f(n)", "", 0), 'code:{"n":0,"statement":"f(n)"}'),
        (("f('é')", "x\ny", None), r'code:{"setup":"x\ny","statement":"f(' + r"'\u00e9')" + '"}'),
        (("f", "g", 10**30), f'code:{{"n":{10**30},"setup":"g","statement":"f"}}'),
    ],
)
def test_a_statement_has_a_text_that_finds_it(given: tuple[Any, ...], text: str) -> None:
    assert statement_text(*given) == text
    found = workloads.find(text)
    assert isinstance(found, StatementWorkload)
    assert (found.text, found.statement, found.setup, found.n) == (text, *given)
    assert (found.modes, found.grain_ns) == ((Mode.HOLD,), None)
    assert (found.stoppable, found.has_native_twin) == (False, False)
    assert found.shuts_out


def test_its_text_is_canonical() -> None:
    found = workloads.find('code:{ "setup": "", "statement" : "f()", "n": null }')
    assert found.text == 'code:{"statement":"f()"}'


def test_other_texts_name_no_statement() -> None:
    for text in ("", "code", "code:", "code:interact", "spin", "json:{}", " code:{}"):
        assert statement_workload(text) is None
    assert workloads.find("code:interact").text == "code:interact"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Expecting property name"),
        ("{}", "it wants texts, and n a number"),
        ('{"statement":1}', "it wants texts, and n a number"),
        ('{"statement":null}', "it wants texts, and n a number"),
        ('{"statement":"f","setup":2}', "it wants texts, and n a number"),
        ('{"statement":"f","n":"2"}', "it wants texts, and n a number"),
        ('{"statement":"f","n":true}', "it wants texts, and n a number"),
        ('{"statement":"f","n":1.5}', "it wants texts, and n a number"),
        ('{"statement":"f","size":1}', "what is 'size'?"),
        ('{"statement":"f"} f', "Extra data"),
        ('{"n":' * 100_000, ""),
        ('{"n":' + "1" * 5000 + "}", ""),
    ],
)
def test_a_text_that_is_damaged_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        workloads.find(f"code:{text}")
    assert "is no statement: " in str(caught.value)
    assert message in str(caught.value)


def test_a_task_runs_its_setup_and_then_as_often_as_asked(
    make_module: Callable[..., str], readings: MeterCapsule
) -> None:
    name = make_module("calls = []\nsetups = []")
    module = __import__(name)
    setup = f"import {name} as mine; mine.setups.append(n)"
    workload = workloads.find(statement_text("mine.calls.append(n)", setup, 3))
    assert module.setups == []
    task = workload.task()
    assert (module.calls, module.setups, task.checksum()) == ([3], [3], 1)
    assert task.caller(Mode.HOLD)(readings, 5)
    task.run(3)
    assert (module.calls, task.checksum()) == ([3] * 9, 9)
    assert meter.finish(readings)[:2] == (5, 1)
    assert not task.stamped
    assert task.native is None
    # Another worker of this process shares its names.
    workload.task()
    assert module.setups == [3]


def test_a_workload_gives_the_function_that_it_calls() -> None:
    workload = statement_workload('code:{"n":2,"setup":"x = 3","statement":"x + n"}')
    assert workload is not None
    assert workload.function()() == 5


def test_the_threads_of_a_process_share_what_the_setup_made() -> None:
    text = statement_text("made.append(1)", "made = []")
    first, second = workloads.find(text).task(), workloads.find(text).task()
    assert isinstance(first, StatementTask)
    assert isinstance(second, StatementTask)
    first.run(1)
    second.run(2)
    assert names_of(first._function())["made"] == [1] * 5
    assert first._function() is second._function()


DATA_SETUP = "import theirs; d = theirs.Data(); theirs.made.add(d); theirs.sizes.append(n)"


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A module of a user that tells the sizes of the data that were made, and which there are."""
    module = SimpleNamespace(Data=type("Data", (), {}), made=WeakSet(), sizes=[])
    monkeypatch.setitem(sys.modules, "theirs", module)  # type: ignore[arg-type]
    yield module
    forget_statements()


def sized(n: int, setup: str = DATA_SETUP) -> StatementWorkload:
    found = statement_workload(statement_text("id(d)", setup, n))
    assert found is not None
    return found


@pytest.mark.skipif(KEEPS_FUNCTIONS, reason="it keeps all functions and their names")
@pytest.mark.parametrize("setup", [DATA_SETUP, f"{DATA_SETUP}\ndef refers(): return d"])
def test_of_a_size_nothing_stays_when_another_is_asked_for(
    setup: str, theirs: SimpleNamespace, readings: MeterCapsule
) -> None:
    theirs.at_most = []
    setup = f"import theirs; theirs.at_most.append(len(theirs.made))\n{setup}"
    kept = []
    for n in (3, 2, 1):
        task = sized(n, setup).task()
        assert task.caller(Mode.HOLD)(readings, 5)
        kept.append(task)
        assert len(theirs.made) == 1
    # Not even while the next is made: both may be too large.
    assert theirs.at_most == [0, 0, 0]
    forget_statements()
    assert len(theirs.made) == 0
    assert [task.checksum() for task in kept] == [6, 6, 6]


def test_a_task_whose_size_is_asked_for_again_warms_up_again(
    theirs: SimpleNamespace, readings: MeterCapsule
) -> None:
    task = sized(3).task()
    sized(4).task()
    assert task.caller(Mode.HOLD)(readings, 5)
    assert theirs.sizes == [3, 4, 3]
    assert task.checksum() == 7
    task.run(2)
    assert theirs.sizes == [3, 4, 3]
    assert task.checksum() == 9


def test_other_statements_keep_what_their_setup_made(theirs: SimpleNamespace) -> None:
    sized(3).function()
    sized(3, f"{DATA_SETUP}; x = 1").function()
    sized(3).function()
    assert theirs.sizes == [3, 3]
    forget_statements()
    sized(3).function()
    assert theirs.sizes == [3, 3, 3]
