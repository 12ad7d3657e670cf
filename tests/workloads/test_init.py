from __future__ import annotations

import pytest

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.model import Mode

BOTH, HELD, RELEASED = (Mode.HOLD, Mode.RELEASE), (Mode.HOLD,), (Mode.RELEASE,)


@pytest.mark.parametrize(
    ("given", "text", "grain_ns", "modes"),
    [
        ("spin", "spin", None, BOTH),
        ("spin:grain=10us", "spin", 10_000, BOTH),
        ("triad", "triad", None, BOTH),
        ("triad:size=64MiB", "triad", None, BOTH),
        ("triad:size=1k", "triad:size=1024", None, BOTH),
        ("triad:grain=1ms,size=48", "triad:size=48", 1_000_000, BOTH),
        ("mandelbrot:grain=10us", "mandelbrot", 10_000, BOTH),
        ("collatz", "collatz", None, BOTH),
        ("chase", "chase", None, BOTH),
        ("chase:size=128MiB", "chase", None, BOTH),
        ("chase:size=64,grain=1ms", "chase:size=64", 1_000_000, BOTH),
        ("mix", "mix:share=0.5", None, RELEASED),
        ("mix:share=25%,grain=1ms", "mix:share=0.25", 1_000_000, RELEASED),
        ("mix: grain = 1ms , share = .10 ", "mix:share=0.1", 1_000_000, RELEASED),
        ("mix:share=1", "mix:share=1", None, RELEASED),
        ("objects", "objects", None, HELD),
        ("objects:grain=2ms", "objects", 2_000_000, HELD),
        ("shared", "shared", None, HELD),
        ("shared:what=attribute", "shared", None, HELD),
        ("shared:what=list", "shared:what=list", None, HELD),
        ("shared:grain=2ms,what=dict", "shared:what=dict", 2_000_000, HELD),
        ("python", "python", None, HELD),
        ("python:grain=2ms", "python", 2_000_000, HELD),
        ("my.module:Class.method", "my.module:Class.method", None, HELD),
    ],
)
def test_a_text_names_a_workload(
    given: str, text: str, grain_ns: int | None, modes: tuple[Mode, ...]
) -> None:
    workload = workloads.find(given)
    assert (workload.text, workload.grain_ns, workload.modes) == (text, grain_ns, modes)
    # The canonical text is all that a worker is told.
    assert workloads.find(workload.text).text == workload.text


@pytest.mark.parametrize(
    ("name", "native", "stoppable", "shuts_out"),
    [
        ("spin", True, True, False),
        ("triad", True, True, False),
        ("mandelbrot", True, True, False),
        ("collatz", True, True, False),
        ("chase", True, True, False),
        ("mix", True, True, True),
        ("objects", False, True, True),
        ("shared", False, False, True),
        ("python", False, False, True),
        ("module:function", False, False, True),
    ],
)
def test_what_a_workload_is_like(name: str, native: bool, stoppable: bool, shuts_out: bool) -> None:
    workload = workloads.find(name)
    assert workload.has_native_twin is native
    assert workload.stoppable is stoppable
    assert workload.shuts_out is shuts_out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spn", r"unknown workload 'spn'; did you mean 'spin'\? \(or name your own function: mo"),
        (
            "zzz",
            "unknown workload 'zzz'; known: chase, collatz, file-read, file-sync, file-write, h",
        ),
        ("", "unknown workload ''; known: chase"),
        ("my-module:function", "unknown workload 'my-module:function'"),
        ("module:", "unknown workload 'module:'"),
        (":function", "unknown workload ':function'"),
        ("module:function()", "unknown workload"),
        ("spin:", r"'' in workload 'spin:' is no parameter: write spin:name=value"),
        ("spin:grain", "'grain' in workload 'spin:grain' is no parameter"),
        ("spin:grain=", "'grain=' in workload 'spin:grain=' is no parameter"),
        ("spin:=1ms", "'=1ms' in workload 'spin:=1ms' is no parameter"),
        ("spin:grain=1ms,", "'' in workload 'spin:grain=1ms,' is no parameter"),
        ("spin:grain=1ms,grain=2ms", "parameter 'grain' is given twice"),
        ("spin:grian=1ms", r"workload 'spin' has no parameter 'grian'; did you mean 'grain'\?"),
        ("spin:share=1", "workload 'spin' has no parameter 'share'; known: grain"),
        ("spin:grain=1 fortnight", "spin:grain: duration '1 fortnight': write it as"),
        ("spin:grain=0", "spin:grain: duration 0: must be longer than zero"),
        ("mix:share=2", r"mix:share is a share from 0 to 1, such as 0.5 or 50%, not '2'"),
        ("mix:share=-1%", "mix:share is a share from 0 to 1"),
        ("mix:share=nan", "mix:share is a share from 0 to 1"),
        ("mix:share=half", "mix:share is a share from 0 to 1"),
        ("triad:size=0", "triad:size is a size in bytes, such as 65536 or 64MiB, not '0'"),
        ("triad:size=-1", "triad:size is a size in bytes"),
        ("triad:size=1.5k", "triad:size is a size in bytes"),
        ("triad:size=1XB", "triad:size is a size in bytes"),
        ("triad:size=1025GiB", "triad:size is more than one TiB: '1025GiB'"),
        ("chase:size=0", "chase:size is a size in bytes, such as 65536 or 64MiB, not '0'"),
        ("collatz:size=1k", "workload 'collatz' has no parameter 'size'; known: grain"),
        ("shared:what=set", "shared:what is one of attribute, list, dict, not 'set'"),
        ("shared:size=1", "workload 'shared' has no parameter 'size'; known: grain, what"),
    ],
)
def test_what_names_none_says_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        workloads.find(text)


def test_the_defaults_are_there() -> None:
    assert workloads.DEFAULT_WORKLOADS == ("spin", "triad", "objects", "python")
    for name in workloads.DEFAULT_WORKLOADS:
        assert workloads.find(name).text == name


def test_the_catalogue_lists_all_there_is_with_its_parameters() -> None:
    listed = workloads.catalogue()
    assert [entry.name for entry in listed] == [*workloads.WORKLOADS, "module:function"]
    examples = {
        "grain=DURATION": "grain=1ms",
        "size=BYTES": "size=1k",
        "share=SHARE": "share=0.1",
        "what=KIND": "what=dict",
        "folder=PATH": "folder=/tmp",
        "delay=DURATION": "delay=1ms",
        "client=CLIENT": "client=socket",
        "reads=SHARE": "reads=0.5",
    }
    for entry in listed:
        assert entry.summary
        # What that one lacks, tests/workloads/io/test_init.py looks for.
        assert entry.unavailable is None or entry.name == "postgres"
        for parameter in entry.parameters.split():
            workloads.find(f"{entry.name}:{examples[parameter]}")
