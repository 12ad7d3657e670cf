"""Files that hypothesis makes from the very schemas that files are checked with, and then damages.

`fuzz.py` beside this file damages stored ones at random; its short form runs here too.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gilbench
from gilbench.comparison import Trial
from gilbench.evidence import LET_IN_PARTS, Observation, ShutOut, Timing
from gilbench.model import Calibration, Failure, Mode, Sample, Stop
from gilbench.results import SCALING, StoredCheck, StoredFacts, StoredRun, open_store, read
from gilbench.results.check import CheckHeader
from gilbench.results.facts import FactsHeader
from gilbench.results.run import RunHeader
from gilbench.results.shape import schema_of
from scripts import load_script

pytest.importorskip("hypothesis", reason="hypothesis is not installed here")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SCRIPT = Path(__file__).with_name("fuzz.py")
MOST = 2**63 - 1

# Seeded, so that a commit is judged the same twice; the script looks further, with other seeds.
steady = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


fuzz: Any = load_script(SCRIPT)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return what fits `schema`, at its limits above all."""
    if "anyOf" in schema:
        return st.one_of(map(fitting, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object" if "properties" in schema:
            fields = {name: fitting(part) for name, part in schema["properties"].items()}
            required = {name: fields[name] for name in schema.get("required", ())}
            return st.fixed_dictionaries(
                required,
                optional={name: part for name, part in fields.items() if name not in required},
            )
        case "object":
            return st.dictionaries(texts, fitting(schema["additionalProperties"]), max_size=2)
        case "array" if "prefixItems" in schema:
            return st.tuples(*map(fitting, schema["prefixItems"])).map(list)
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(fitting(schema["items"]), min_size=least, max_size=least + 2)
        case "integer":
            least, most = schema.get("minimum", -MOST - 1), schema.get("maximum", MOST)
            limits = [one for one in (0, 1, 10**8, least, most) if least <= one <= most]
            return st.sampled_from(limits) | st.integers(least, most)
        case "number":
            least = schema.get("exclusiveMinimum", schema.get("minimum"))
            signs = (1,) if least is not None else (1, -1)
            smallest = max(1e-24, least or 0)
            some = st.floats(smallest, 1e24) | st.sampled_from((smallest, 1.0, 1e8, 1e24))
            above_zero = "exclusiveMinimum" in schema or smallest > 1e-24
            sizes = some if above_zero else st.just(0) | some
            return st.builds(lambda size, sign: sign * size, sizes, st.sampled_from(signs))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case _:
            return texts


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["spin", "module:function", "\x1b[2J", "a\nb", "\u202e"]
)
cases = st.fixed_dictionaries(
    {
        "workload": st.sampled_from(["spin", "triad", "mix:share=0.5", "module:function", "", " "]),
        "mode": st.sampled_from(list(Mode)),
        "backend": st.sampled_from(["serial", "threads", "native", "processes", "fork", "else"]),
        "workers": st.sampled_from([1, 2, 2, 3]),
        "grain_ns": st.sampled_from([0, 10**6]),
    }
)


SCHEMAS = {shape: schema_of(shape) for shape in (RunHeader, Calibration, Sample, Failure, Stop)}
headers, calibrations, samples, failures, stops = map(fitting, SCHEMAS.values())
check_headers, timings, observations, shut_outs = (
    fitting(schema_of(shape)) for shape in (CheckHeader, Timing, Observation, ShutOut)
)
facts_headers, trials = (fitting(schema_of(shape)) for shape in (FactsHeader, Trial))
readings = fitting(SCHEMAS[Sample]["properties"]["readings"]["items"])


@st.composite
def runs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return the lines of a whole run: a few kinds of sample over many rounds of a few cases."""
    header = {"gilbench": 1, "record": "header", **draw(headers)}
    planned = draw(st.lists(cases, min_size=1, max_size=5))
    if draw(st.booleans()):  # with all that a bite needs
        planned = [
            {**planned[0], "backend": backend, "workers": workers}
            for backend, workers in (
                *(("serial", 1), ("threads", 2)),
                *(("native", 1), ("native", 2)),
            )
        ]
    header["plan"]["cases"] = planned
    lines = [header, {"record": "calibration", **draw(calibrations)}]
    kinds = [draw(samples) for _ in range(2)]
    read_ = [draw(readings) for _ in range(2)]
    choice = draw(st.randoms(use_true_random=False))
    for round in range(draw(st.integers(0, 9))):
        for case in planned:
            few = [choice.choice(read_) for _ in range(case["workers"])]
            sample = {**choice.choice(kinds), "case": case, "readings": few}
            lines.append({"record": "sample", **sample, "round": round, "host": round % 3})
    failed = draw(st.lists(st.sampled_from(planned), max_size=2))
    lines += [{"record": "failure", **draw(failures), "case": case} for case in failed]
    if draw(st.booleans()):
        lines.append({"record": "stop", **draw(stops)})
    return lines


@st.composite
def checks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return the lines of a whole check: extremes that each fit, and that fit each other."""
    header = {"gilbench": 2, "record": "header", "study": "check", **draw(check_headers)}
    plan = header["plan"]
    plan["target"] = draw(
        st.fixed_dictionaries({"function": texts})
        | st.fixed_dictionaries({"function": st.none(), "statement": texts, "setup": texts})
    )
    ends = draw(st.none() | st.lists(limits, min_size=2, max_size=2, unique=True).map(sorted))
    plan["sizes"] = ends and {"first": ends[0], "last": ends[1]}
    choice = draw(st.randoms(use_true_random=False))
    seen, batches = [draw(observations) for _ in range(2)], [draw(shut_outs) for _ in range(2)]
    lines = [header]
    for size in ends or [None]:
        lines.append({"record": "timing", **draw(timings), "size": size})
        for round in range(draw(st.integers(0, 3))):
            for subject in ("target", "hold", "release"):
                about = {"size": size, "round": round, "subject": subject}
                lines.append({"record": "observation", **choice.choice(seen), **about})
                lines.append({"record": "shut-out", **choice.choice(batches), **about})
    for line in lines:
        _reconcile(line)
    kinds, read_ = [draw(samples) for _ in range(2)], [draw(readings) for _ in range(2)]
    for case in draw(st.lists(cases, max_size=3)):
        few = [choice.choice(read_) for _ in range(case["workers"])]
        lines.append({"record": "sample", **choice.choice(kinds), "case": case, "readings": few})
    if draw(st.booleans()):
        lines.append({"record": "stop", **draw(stops)})
    return lines


@st.composite
def comparisons(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return the lines of a whole comparison: the trials of two rows, extremes that each fit."""
    header = {"gilbench": 3, "record": "header", "study": "facts", **draw(facts_headers)}
    header["plan"]["rows"] = ["gil", "cpu-bound"]
    lines = [header]
    kinds = [draw(trials) for _ in range(2)]
    rates = draw(st.lists(st.floats(1e-24, 1e24) | st.just(0.0), min_size=1, max_size=3))
    choice = draw(st.randoms(use_true_random=False))
    for round in range(draw(st.integers(1, 9))):
        for way in (None, "thread", "fork", "spawn"):
            about = {
                "row": choice.choice(["gil", "cpu-bound"]),
                "name": choice.choice(["python", "spin-hold", "spin-release", "numpy"]),
                "way": way,
                "round": round,
                "figures": {"units_per_s": [choice.choice(rates)], "cpu_share": []},
            }
            lines.append({"record": "trial", **choice.choice(kinds), **about})
    for line in lines[1:]:
        line["reason"] = None if line.get("status", "ok") == "ok" else "why not"
    if draw(st.booleans()):
        lines.append({"record": "stop", **draw(stops)})
    return lines


limits = st.sampled_from([0, 1, 64, 2**20, 2**40]) | st.integers(0, 2**40)


def _reconcile(line: dict[str, Any]) -> None:
    """Make a part no larger than what it is a part of, and counts as many as there must be."""
    for block in line.get("blocks", ()):
        block["held"] = min(block["held"], block["samples"])
    for part, whole in (
        ("kept_waiting", "asked"),
        ("longest_wait_ns", "batch_ns"),
        ("granted", "waits"),
        ("typical_wait_ns", "longest_wait_ns"),
    ):
        if part in line:
            line[part] = min(line[part], line[whole])
    if "let_in" in line:
        line["let_in"] = (line["let_in"] * LET_IN_PARTS)[:LET_IN_PARTS]


@settings(steady, max_examples=40)
@given(runs() | checks() | comparisons())
def test_extremes_are_read_analysed_and_shown(lines: list[dict[str, Any]]) -> None:
    assert fuzz.examine(fuzz.joined(lines))


@settings(steady, max_examples=10)
@given(lines=runs())
def test_run_of_extremes_is_the_same_when_stored_again(
    lines: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = read(io.BytesIO(fuzz.joined(lines)), name="run.jsonl")
    assert isinstance(found, StoredRun)
    path = tmp_path_factory.getbasetemp() / "again.jsonl"
    with open_store(path, SCALING) as store:
        store.begin(found.environment, found.plan)
        for record in (*found.calibrations, *found.samples, *found.failures):
            store.append(record)
    with path.open("rb") as file:
        assert read(file, name="again") == replace(found, stop=None)


@settings(steady, max_examples=10)
@given(lines=checks())
def test_check_of_extremes_is_the_same_when_stored_again(lines: list[dict[str, Any]]) -> None:
    found = read(io.BytesIO(fuzz.joined(lines)), name="check.jsonl")
    assert isinstance(found, StoredCheck)
    assert len(found.observations) == sum(line["record"] == "observation" for line in lines)
    assert fuzz.stored_again(found) == found


@settings(steady, max_examples=10)
@given(lines=comparisons())
def test_comparison_of_extremes_is_the_same_when_stored_again(lines: list[dict[str, Any]]) -> None:
    found = read(io.BytesIO(fuzz.joined(lines)), name="facts.jsonl")
    assert isinstance(found, StoredFacts)
    assert len(found.trials) == sum(line["record"] == "trial" for line in lines)
    assert fuzz.facts_stored_again(found) == found


wrong = st.sampled_from(fuzz.HOSTILE) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(steady, max_examples=30)
@given(lines=runs() | checks() | comparisons(), data=st.data())
def test_wrong_values_are_read_or_refused(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        place, key = data.draw(st.sampled_from(fuzz.places(data.draw(st.sampled_from(lines)))))
        if isinstance(place, dict) and data.draw(st.booleans()):
            key = data.draw(st.text(max_size=80))
        place[key] = data.draw(wrong)
    fuzz.examine(fuzz.joined(lines))


@settings(steady, max_examples=30)
@given(lines=runs() | checks() | comparisons(), data=st.data())
def test_lines_in_any_order_and_number_are_read_or_refused(
    lines: list[dict[str, Any]], data: st.DataObject
) -> None:
    header, *rest = lines
    some = data.draw(st.lists(st.sampled_from(rest), max_size=20))
    fuzz.examine(fuzz.joined([header, *some] if data.draw(st.booleans()) else some))


@settings(steady, max_examples=30)
@given(
    lines=runs() | checks() | comparisons(),
    at=st.floats(0, 1),
    cut=st.integers(0, 200),
    inserted=st.binary(max_size=10)
    | st.sampled_from([b"\xff\xfe", b"\xed\xa0\x80", b"[" * 9000, b'{"a":' * 9000, b"9" * 9000])
    | st.sampled_from([b"NaN", b"-Infinity", b"1e999", b"-0", b"\n", b"\r", b"\0", b"\xc2\x85"]),
    end=st.booleans(),
)
def test_damaged_bytes_are_read_or_refused(
    lines: list[dict[str, Any]], at: float, cut: int, inserted: bytes, end: bool
) -> None:
    whole = fuzz.joined(lines)
    start = int(at * len(whole))
    rest = b"" if end else whole[start + cut :]
    fuzz.examine(whole[:start] + inserted + rest)


@pytest.mark.parametrize("name", ["version1.jsonl", "check2.jsonl", "facts3.jsonl"])
def test_header_alone_in_any_state_is_read_or_refused(name: str) -> None:
    header = fuzz.joined([json.loads((fuzz.FILES / name).read_text().splitlines()[0])])
    ends = [fuzz.examine(header[:end]) for end in range(len(header) + 1)]
    assert ends == [False] * (len(header) - 1) + [True] * 2


def test_five_hundred_damaged_files_are_read_or_refused_and_none_is_run() -> None:
    root = str(Path(gilbench.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), "--files", "500", "--seed", "1"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "no other end" in ended.stdout


def test_whoever_would_run_a_file_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "_watching", True)
    with pytest.raises(AssertionError, match="had this done: os.system"):
        fuzz._watch("os.system", ("true",))
