"""The key itself: every entry can be read, has its source, and one truth for every Python."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gilbench import Verdict
from gilbench.sizes import parse_sizes

VERSIONS = tuple((3, minor) for minor in range(11, 16))
PYTHONS = tuple(
    (version, build)
    for version in VERSIONS
    for build in ("gil", "free-threaded")
    if build == "gil" or version >= (3, 13)
)
SOURCE = re.compile(r"(python/cpython|numpy/numpy) v\d+\.\d+\S+ \S+\.\w+:\d+")

ONE = """
[[function]]
name = "one"
setup = "x = 1"
statement = "x"
source = ["python/cpython v3.13.5 Python/ceval.c:1"]
why = "because"
"""


@pytest.fixture
def key(entries: ModuleType, key_file: Path) -> tuple[Any, ...]:
    read: tuple[Any, ...] = entries.read_key(key_file)
    return read


def write(folder: Path, text: str) -> Path:
    path = folder / "key.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_has_enough_functions_of_both_libraries(key: tuple[Any, ...]) -> None:
    assert len(key) >= 36
    assert sum(bool(entry.needs) for entry in key) >= 10
    assert sum(entry.sizes is not None for entry in key) >= 5


def test_every_verdict_is_somewhere_the_only_one_accepted(key: tuple[Any, ...]) -> None:
    sole = {
        verdict
        for entry in key
        for truth in entry.truths
        if len(truth.verdicts) == 1
        for verdict in truth.verdicts
    }
    assert sole == {str(each) for each in Verdict} - {"inconclusive"}


def test_names_are_there_once(key: tuple[Any, ...]) -> None:
    names = [entry.name for entry in key]
    assert sorted(names) == sorted(set(names))


def test_every_function_has_sources_with_file_and_line_and_says_why(key: tuple[Any, ...]) -> None:
    for entry in key:
        assert entry.source, entry.name
        assert all(SOURCE.fullmatch(source) for source in entry.source), entry.name
        assert entry.why.endswith((".", ")")), entry.name


def test_setups_and_statements_compile(key: tuple[Any, ...]) -> None:
    for entry in key:
        compile(entry.setup, entry.name, "exec", dont_inherit=True)
        compile(entry.statement, entry.name, "exec", dont_inherit=True)


@pytest.mark.parametrize(("version", "build"), PYTHONS)
def test_there_is_one_truth_for_every_python(
    entries: ModuleType, key: tuple[Any, ...], version: tuple[int, int], build: str
) -> None:
    for entry in key:
        entries.truth_for(entry, version, build)


def test_truths_are_verdicts_and_shares_and_sizes_within_the_range(key: tuple[Any, ...]) -> None:
    words = {str(each) for each in Verdict} - {"inconclusive"}
    for entry in key:
        for truth in entry.truths:
            if truth.turn is None:
                assert set() < truth.verdicts <= words, entry.name
            else:
                sizes = parse_sizes(entry.sizes)
                assert sizes.first < truth.turn.size < sizes.last, entry.name
                assert "n" in re.findall(r"\w+", f"{entry.setup} {entry.statement}"), entry.name
                assert set() < truth.turn.before <= words, entry.name
                assert set() < truth.turn.after <= words, entry.name
                assert not truth.turn.before & truth.turn.after, entry.name
            if truth.share is not None:
                assert 0 <= truth.share[0] < truth.share[1] <= 1, entry.name


def test_what_changed_has_two_truths(entries: ModuleType, key: tuple[Any, ...]) -> None:
    by_name = {entry.name: entry for entry in key}
    sha256 = by_name["hashlib.sha256, by size"]
    assert entries.truth_for(sha256, (3, 14), "gil").turn.size == 2048
    assert entries.truth_for(sha256, (3, 15), "free-threaded").turn.size == 2049
    indented = by_name["json.dumps, indented"]
    assert entries.truth_for(indented, (3, 12), "gil").verdicts == {"holds-switchable"}
    assert entries.truth_for(indented, (3, 13), "gil").verdicts == {"holds"}


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [
        ("truth = [{ verdict = ['holds'] }]", "one: a truth has no verdict"),
        ("truth = [{ threshold = { size = 1, before = [], after = [] } }]", "with sizes"),
        ("truth = [{ build = 'debug', verdicts = ['holds'] }]", "one: build 'debug' is none of"),
        ("", "one: 'truth' is missing"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(
    entries: ModuleType, tmp_path: Path, truth: str, wrong: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        entries.read_key(write(tmp_path, ONE + truth))


@pytest.mark.parametrize(
    ("truth", "found"),
    [
        ("truth = [{ since = '3.14', verdicts = ['holds'] }]", "0 truths"),
        ("truth = [{ verdicts = ['holds'] }, { verdicts = ['partial'] }]", "2 truths"),
        ("truth = [{ build = 'free-threaded', verdicts = ['holds'] }]", "0 truths"),
    ],
)
def test_none_or_several_truths_are_refused(
    entries: ModuleType, tmp_path: Path, truth: str, found: str
) -> None:
    [entry] = entries.read_key(write(tmp_path, ONE + truth))
    with pytest.raises(LookupError, match=f"one: {found} for Python 3.13 \\(gil\\)"):
        entries.truth_for(entry, (3, 13), "gil")


@pytest.mark.parametrize(
    ("platform", "versions", "lacking"),
    [
        ("linux", {"numpy": "2.0.1"}, None),
        ("linux", {"numpy": "10.0rc1"}, None),
        ("linux", {"numpy": "1.26.4"}, "numpy 1.26.4 is older than 2"),
        ("linux", {}, "no numpy"),
        ("win32", {"numpy": "2.0.1"}, "not on win32"),
    ],
)
def test_it_is_known_what_lacks(
    entries: ModuleType,
    tmp_path: Path,
    platform: str,
    versions: dict[str, str],
    lacking: str | None,
) -> None:
    text = ONE + 'needs = ["numpy>=2"]\nplatforms = ["linux"]\ntruth = [{ verdicts = ["holds"] }]\n'
    [entry] = entries.read_key(write(tmp_path, text))
    assert entry.lacking(platform, versions.get) == lacking
